package io.millrace.validate;

import java.util.Arrays;

/** Writes measures as bytes: numbers of 7 bits a byte, lowest first (LEB128), and byte strings. */
final class MeasureWriter {

  private byte[] bytes = new byte[256];
  private int length;

  MeasureWriter(char letter) {
    write(letter);
  }

  void writeUnsigned(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    write((int) rest);
  }

  /** Small for numbers near 0 of either sign. */
  void writeSigned(long value) {
    writeUnsigned(value << 1 ^ value >> 63);
  }

  void writeBytes(byte[] part) {
    writeUnsigned(part.length);
    room(part.length);
    System.arraycopy(part, 0, bytes, length, part.length);
    length += part.length;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void write(int value) {
    room(1);
    bytes[length++] = (byte) value;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
