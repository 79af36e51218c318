package io.millrace.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The hash XXH64 with seed 0 (Collet 2012, github.com/Cyan4973/xxHash), by which the sketches tell
 * values apart. A long is hashed as its 8 bytes, lowest first.
 */
public final class XxHash64 {

  private static final long P1 = 0x9E3779B185EBCA87L;
  private static final long P2 = 0xC2B2AE3D27D4EB4FL;
  private static final long P3 = 0x165667B19E3779F9L;
  private static final long P4 = 0x85EBCA77C2B2AE63L;
  private static final long P5 = 0x27D4EB2F165667C5L;

  /** Their sum, which overflows. */
  private static final long P1_AND_P2 = 0x60EA27EEADC0B5D6L;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private XxHash64() {}

  /** Hash of a long. */
  public static long hash(long value) {
    return avalanche(mixLong(P5 + Long.BYTES, value));
  }

  /** Hash of a double: one for 0.0 and -0.0, one for all NaN. */
  public static long hash(double value) {
    return hash(Double.doubleToLongBits(value + 0.0));
  }

  /**
   * Hash of a part of an array.
   *
   * @throws IndexOutOfBoundsException if the array hasn't this part
   */
  public static long hash(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int end = offset + length;
    int at = offset;
    long hash = P5;
    if (length >= 32) {
      hash = stripes(bytes, offset, end);
      at = end - (length & 31);
    }
    hash += length;
    for (; at + 8 <= end; at += 8) {
      hash = mixLong(hash, (long) LONGS.get(bytes, at));
    }
    if (at + 4 <= end) {
      hash ^= ((int) INTS.get(bytes, at) & 0xffffffffL) * P1;
      hash = Long.rotateLeft(hash, 23) * P2 + P3;
      at += 4;
    }
    for (; at < end; at++) {
      hash = Long.rotateLeft(hash ^ (bytes[at] & 0xff) * P5, 11) * P1;
    }
    return avalanche(hash);
  }

  /** All whole stripes of 32 bytes. */
  private static long stripes(byte[] bytes, int offset, int end) {
    long a = P1_AND_P2;
    long b = P2;
    long c = 0;
    long d = -P1;
    for (int at = offset; at + 32 <= end; at += 32) {
      a = round(a, (long) LONGS.get(bytes, at));
      b = round(b, (long) LONGS.get(bytes, at + 8));
      c = round(c, (long) LONGS.get(bytes, at + 16));
      d = round(d, (long) LONGS.get(bytes, at + 24));
    }
    long hash =
        Long.rotateLeft(a, 1)
            + Long.rotateLeft(b, 7)
            + Long.rotateLeft(c, 12)
            + Long.rotateLeft(d, 18);
    return merge(merge(merge(merge(hash, a), b), c), d);
  }

  private static long round(long sum, long input) {
    return Long.rotateLeft(sum + input * P2, 31) * P1;
  }

  private static long merge(long hash, long lane) {
    return (hash ^ round(0, lane)) * P1 + P4;
  }

  private static long mixLong(long hash, long input) {
    return Long.rotateLeft(hash ^ round(0, input), 27) * P1 + P4;
  }

  private static long avalanche(long hash) {
    long mixed = (hash ^ (hash >>> 33)) * P2;
    mixed = (mixed ^ (mixed >>> 29)) * P3;
    return mixed ^ (mixed >>> 32);
  }
}
