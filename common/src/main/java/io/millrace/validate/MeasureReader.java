package io.millrace.validate;

import java.util.Arrays;

/** Reads what {@link MeasureWriter} wrote, and takes nothing else. */
final class MeasureReader {

  private final byte[] bytes;
  private int at;

  MeasureReader(byte[] bytes) {
    this.bytes = bytes;
  }

  static IllegalArgumentException bad(String fault) {
    return new IllegalArgumentException("these bytes are no measures of a column: " + fault);
  }

  char readByte() {
    if (at == bytes.length) {
      throw bad("too few of them");
    }
    return (char) (bytes[at++] & 0xff);
  }

  long readUnsigned() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = readByte();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw bad("a number without end");
  }

  /** A count: not negative. */
  long readCount() {
    long value = readUnsigned();
    if (value < 0) {
      throw bad("a negative count");
    }
    return value;
  }

  long readSigned() {
    long value = readUnsigned();
    return value >>> 1 ^ -(value & 1);
  }

  byte[] readBytes() {
    long length = readCount();
    if (length > bytes.length - at) {
      throw bad("too few of them");
    }
    at += (int) length;
    return Arrays.copyOfRange(bytes, at - (int) length, at);
  }

  void end() {
    if (at != bytes.length) {
      throw bad("more of them than belong together");
    }
  }
}
