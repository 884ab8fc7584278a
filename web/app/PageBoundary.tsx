import { Component, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface PageBoundaryProps {
  readonly children: ReactNode;
  /** Loads the page again after this time, for a screen that nobody touches; ms. */
  readonly retryMs?: number;
}

/**
 * Around a page: while its code is fetched, and when it fails (its code could not be fetched, or rendering threw), the screen
 * says so. Without it React would leave an empty screen, which on a wall looks like a screen that is switched off.
 */
export class PageBoundary extends Component<PageBoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };
  #timer: ReturnType<typeof setTimeout> | undefined;

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(): void {
    const { retryMs } = this.props;
    if (retryMs !== undefined) this.#timer = setTimeout(reloadPage, retryMs);
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
  }

  override render(): ReactNode {
    if (this.state.failed) return <PageFailed />;
    return <Suspense fallback={<Loading />}>{this.props.children}</Suspense>;
  }
}

function reloadPage(): void {
  window.location.reload();
}

function Loading(): ReactNode {
  const { t } = useTranslation();
  return <p className="note">{t('page.loading')}</p>;
}

function PageFailed(): ReactNode {
  const { t } = useTranslation();
  return (
    <div role="alert" className="page-failed">
      <p>{t('page.failed')}</p>
      <button type="button" className="button" onClick={reloadPage}>
        {t('page.reload')}
      </button>
    </div>
  );
}
