package io.millrace.stats;

import java.util.Arrays;

/**
 * Writes a state as bytes: a letter for the kind, a version, then numbers of 7 bits a byte, lowest
 * first (LEB128), raw doubles and raw bytes.
 */
final class StateWriter {

  private byte[] bytes = new byte[64];
  private int length;

  StateWriter(char kind, int version) {
    writeByte(kind);
    writeByte(version);
  }

  void writeByte(int value) {
    room(1);
    bytes[length++] = (byte) value;
  }

  /** Writes a number that isn't negative. */
  void writeLong(long value) {
    if (value < 0) {
      throw new ArithmeticException("a count of " + value + " can't be written");
    }
    room(9);
    long rest = value;
    while (rest > 0x7f) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  void writeDouble(double value) {
    long bits = Double.doubleToRawLongBits(value);
    for (int shift = 0; shift < 64; shift += 8) {
      writeByte((int) (bits >>> shift));
    }
  }

  void writeBytes(byte[] from, int offset, int count) {
    room(count);
    System.arraycopy(from, offset, bytes, length, count);
    length += count;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
