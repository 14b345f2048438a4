// The end of a file, however large the file is.
import { open } from 'node:fs/promises';

/**
 * At most so many of its last bytes.
 * @throws the system's error
 */
export async function fileTail(path: string, limitBytes: number): Promise<Buffer> {
  await using file = await open(path);
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(limitBytes),
    0,
    limitBytes,
    Math.max(0, size - limitBytes),
  );
  return buffer.subarray(0, bytesRead);
}
