/** What the server answered; rejects where it could not be reached. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Sends a file as the body of a POST and tells which share of it has gone; fetch cannot tell that. */
export function uploadFile(path: string, file: File, onProgress: (share: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/${path}`);
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('content-type', file.type === '' ? 'application/octet-stream' : file.type);
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      if (total > 0) onProgress(loaded / total);
    });
    request.addEventListener('load', () => {
      resolve({ status: request.status, text: request.responseText });
    });
    for (const event of ['error', 'abort', 'timeout'])
      request.addEventListener(event, () => {
        reject(new Error(event));
      });
    request.send(file);
  });
}
