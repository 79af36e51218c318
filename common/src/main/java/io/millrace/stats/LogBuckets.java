package io.millrace.stats;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Counts of magnitudes in buckets of about equal ratio: 64 equally wide buckets between two powers
 * of 2, so that a bucket's index is the exponent and the 6 leading bits of the mantissa of a
 * double, and its bounds are doubles too.
 *
 * <p>DDSketch's mapping by linear interpolation of the logarithm (Masson, Rim, Lee 2019, section
 * 4), with 64 instead of the 50 buckets that 1% needs. Finding the index is a shift; cubic
 * interpolation would need 35 buckets, but seven times the time and rounded bounds.
 *
 * <p>Held by powers of 2: an empty one costs 4 or 8 bytes between the smallest and the largest that
 * occur, one that occurs 512 bytes. Below 2<sup>-1022</sup> buckets are 2<sup>-1028</sup> wide.
 */
final class LogBuckets implements Serializable {

  private static final long serialVersionUID = 1L;

  static final int PER_OCTAVE = 64;
  static final int OCTAVES = 2047;
  static final int INDEXES = PER_OCTAVE * OCTAVES;

  private static final int INDEX_SHIFT = 46;
  private static final int OCTAVE_SHIFT = 6;
  private static final long[][] NONE = {};

  private long[][] octaves = NONE;
  private int firstOctave;

  /** Index of a finite magnitude above 0, given by its bits. */
  static int index(long magnitudeBits) {
    return (int) (magnitudeBits >>> INDEX_SHIFT);
  }

  /** Smallest number of a bucket; of bucket 0 that is 0, which it doesn't hold. */
  static double lower(int index) {
    return Double.longBitsToDouble((long) index << INDEX_SHIFT);
  }

  /** Smallest number above a bucket; infinity above the last one. */
  static double upper(int index) {
    return lower(index + 1);
  }

  /**
   * The number whose relative distance to both bounds is the same, 2ab/(a + b), and at most 1/129
   * in normal numbers; half way in subnormal ones.
   */
  static double centre(int index) {
    double lower = lower(index);
    if (index < PER_OCTAVE) {
      return lower + lower(1) / 2;
    }
    int step = index & (PER_OCTAVE - 1);
    return lower * (2.0 * (PER_OCTAVE + 1 + step) / (2 * (PER_OCTAVE + step) + 1));
  }

  void add(int index, long count) {
    int octave = (index >>> OCTAVE_SHIFT) - firstOctave;
    if (octave < 0 || octave >= octaves.length || octaves[octave] == null) {
      octave = open(index >>> OCTAVE_SHIFT);
    }
    octaves[octave][index & (PER_OCTAVE - 1)] += count;
  }

  void merge(LogBuckets other) {
    for (int i = 0; i < other.octaves.length; i++) {
      long[] theirs = other.octaves[i];
      if (theirs != null) {
        int place = open(other.firstOctave + i);
        long[] ours = octaves[place];
        for (int k = 0; k < PER_OCTAVE; k++) {
          ours[k] += theirs[k];
        }
      }
    }
  }

  /** First index, from {@code from} on, with a count; -1 without one. */
  int next(int from) {
    int index = Math.max(from, firstOctave << OCTAVE_SHIFT);
    int end = (firstOctave + octaves.length) << OCTAVE_SHIFT;
    while (index < end) {
      long[] octave = octaves[(index >>> OCTAVE_SHIFT) - firstOctave];
      if (octave == null) {
        index = ((index >>> OCTAVE_SHIFT) + 1) << OCTAVE_SHIFT;
      } else if (octave[index & (PER_OCTAVE - 1)] != 0) {
        return index;
      } else {
        index++;
      }
    }
    return -1;
  }

  /** Count of a bucket in which {@link #next} found one. */
  long count(int index) {
    return octaves[(index >>> OCTAVE_SHIFT) - firstOctave][index & (PER_OCTAVE - 1)];
  }

  /** How many buckets have a count. */
  int size() {
    int size = 0;
    for (int index = next(0); index >= 0; index = next(index + 1)) {
      size++;
    }
    return size;
  }

  void write(StateWriter out) {
    out.writeLong(size());
    int next = 0;
    for (int i = next(0); i >= 0; i = next(i + 1)) {
      out.writeLong(i - next);
      out.writeLong(count(i));
      next = i + 1;
    }
  }

  /** Fills these buckets, which must be empty; the sum of all counts. */
  long read(StateReader in) {
    int size = in.readInt(INDEXES);
    int next = 0;
    long total = 0;
    for (int i = 0; i < size; i++) {
      int index = next + in.readInt(INDEXES - 1 - next);
      long count = in.readCount();
      add(index, count);
      total = in.total(total, count);
      next = index + 1;
    }
    return total;
  }

  /** Makes room for an octave; its place. */
  private int open(int octave) {
    if (octaves.length == 0) {
      firstOctave = octave;
      octaves = new long[1][];
    } else if (octave < firstOctave) {
      int more = firstOctave - octave;
      long[][] grown = new long[octaves.length + more][];
      System.arraycopy(octaves, 0, grown, more, octaves.length);
      octaves = grown;
      firstOctave = octave;
    } else if (octave - firstOctave >= octaves.length) {
      octaves = Arrays.copyOf(octaves, octave - firstOctave + 1);
    }
    int place = octave - firstOctave;
    if (octaves[place] == null) {
      octaves[place] = new long[PER_OCTAVE];
    }
    return place;
  }
}
