/** The bytes of a chosen file as the API takes them. */
export function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      resolve(typeof reader.result === 'string' ? (reader.result.split(',')[1] ?? '') : '');
    });
    reader.addEventListener('error', () => {
      reject(reader.error ?? new Error(file.name));
    });
    reader.readAsDataURL(file);
  });
}
