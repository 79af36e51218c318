package io.millrace.stats;

/**
 * Reads what a {@link StateWriter} wrote. Bytes that no writer writes, so also a number in more
 * bytes than it needs, are an {@link IllegalArgumentException}: a state has one form only.
 */
final class StateReader {

  private final String name;
  private final byte[] bytes;
  private int position;

  /**
   * @param name what the bytes should be, for messages
   */
  StateReader(String name, byte[] bytes, char kind, int version) {
    this.name = name;
    this.bytes = bytes;
    if (bytes.length < 2 || bytes[0] != kind) {
      throw new IllegalArgumentException("these " + bytes.length + " bytes are no " + name);
    }
    if (bytes[1] != version) {
      throw new IllegalArgumentException(
          "a " + name + " of version " + bytes[1] + ", where version " + version + " can be read");
    }
    position = 2;
  }

  int readByte() {
    if (position >= bytes.length) {
      throw bad("ends too early");
    }
    return bytes[position++] & 0xff;
  }

  long readLong() {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int next = readByte();
      value |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        if (next == 0 && shift > 0) {
          throw bad("has a number in more bytes than it needs");
        }
        return value;
      }
    }
    throw bad("has a number above 2^63");
  }

  /** A number from 1 on. */
  long readCount() {
    long count = readLong();
    if (count == 0) {
      throw bad("has an entry with count 0");
    }
    return count;
  }

  /** A number up to and with {@code most}. */
  int readInt(int most) {
    long value = readLong();
    if (value > most) {
      throw bad("has " + value + " where at most " + most + " can be");
    }
    return (int) value;
  }

  double readDouble() {
    long bits = 0;
    for (int shift = 0; shift < 64; shift += 8) {
      bits |= (long) readByte() << shift;
    }
    return Double.longBitsToDouble(bits);
  }

  /** Passes over that many bytes; where they begin. */
  int skip(int count) {
    if (count > bytes.length - position) {
      throw bad("ends too early");
    }
    int start = position;
    position += count;
    return start;
  }

  void end() {
    if (position != bytes.length) {
      throw bad("goes on after its end");
    }
  }

  /** The sum of two counts, which must be one too. */
  long total(long a, long b) {
    if (a + b < 0) {
      throw bad("has counts that add up to more than 2^63");
    }
    return a + b;
  }

  IllegalArgumentException bad(String fault) {
    return new IllegalArgumentException(
        "the " + name + " " + fault + " (byte " + position + " of " + bytes.length + ")");
  }
}
