package io.millrace.stats;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How often each text value occurs: exact for as many distinct values as the cap, and for a sample
 * of the values beyond it. The state depends on the values only, not on their order.
 *
 * <p>Beyond the cap this is adaptive sampling (Wegman; Flajolet, "On adaptive sampling", Computing
 * 43, 1990): kept are the values whose hash begins with {@code k} zero bits, for the smallest
 * {@code k} at which no more than the cap are left; their counts stay exact. Beside them, 256
 * buckets by hash count all values always.
 *
 * <p>Of a text of more than 256 bytes its beginning and its hash are kept, as a text that ends in
 * {@code …#} and 16 hex digits. In memory 3 kB and some 40 bytes and the text for each value kept.
 * Not safe for threads.
 */
public final class CategoryCounts implements Mergeable<CategoryCounts> {

  private static final long serialVersionUID = 1L;

  /** Values that are counted exactly, unless told otherwise. */
  public static final int DEFAULT_CAP = 4096;

  /** Number of buckets by hash. */
  public static final int BUCKETS = 256;

  private static final String NAME = "state of category counts";
  private static final char KIND = 'C';
  private static final int VERSION = 1;
  private static final int LARGEST_CAP = 1 << 20;

  private final int cap;
  private final long[] buckets = new long[BUCKETS];
  private final ByteTable table = new ByteTable();
  private long count;
  private long nulls;
  private int zeroBits;

  /** The leading bits that must be 0 in the hash of a value that is kept. */
  private long excluded;

  private final TextShortener shortener = new TextShortener();

  /** Counts with a cap of {@value #DEFAULT_CAP}. */
  public CategoryCounts() {
    this(DEFAULT_CAP);
  }

  /**
   * Empty counts.
   *
   * @param cap number of distinct values up to which all are kept, 1 to 1,048,576
   */
  public CategoryCounts(int cap) {
    if (cap < 1 || cap > LARGEST_CAP) {
      throw new IllegalArgumentException("a cap is 1 to " + LARGEST_CAP + ", not " + cap);
    }
    this.cap = cap;
  }

  /**
   * The counts that {@link #toBytes()} wrote.
   *
   * @throws IllegalArgumentException if the bytes are none
   */
  public static CategoryCounts of(byte[] bytes) {
    StateReader in = new StateReader(NAME, bytes, KIND, VERSION);
    CategoryCounts counts = new CategoryCounts(Math.max(1, in.readInt(LARGEST_CAP)));
    counts.nulls = in.readLong();
    counts.exclude(in.readInt(Long.SIZE));
    counts.readTable(in, bytes);
    if (!counts.isComplete()) {
      counts.readBuckets(in);
    }
    in.end();
    if (!Arrays.equals(bytes, counts.toBytes())) {
      throw in.bad("has values out of order, or that don't belong to it");
    }
    return counts;
  }

  /** Adds a text; {@code null} counts as {@link #addNull()}. */
  public void add(String value) {
    if (value == null) {
      addNull();
      return;
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    add(utf8, 0, utf8.length);
  }

  /**
   * Adds a text, given as a part of an array that isn't kept.
   *
   * @throws IndexOutOfBoundsException if the array hasn't this part
   */
  public void add(byte[] utf8, int offset, int length) {
    add(utf8, offset, length, 1);
  }

  /**
   * Adds a text that occurs {@code times} times.
   *
   * @throws IllegalArgumentException if {@code times} is negative
   */
  public void add(byte[] utf8, int offset, int length, long times) {
    if (times <= 0) {
      if (times < 0) {
        throw new IllegalArgumentException("a text can't occur " + times + " times");
      }
      return;
    }
    if (length > TextShortener.LONGEST) {
      int shorter = shortener.shorten(utf8, offset, length);
      addShort(shortener.bytes(), 0, shorter, times);
    } else {
      addShort(utf8, offset, length, times);
    }
  }

  /** Adds a missing value. */
  public void addNull() {
    nulls++;
  }

  /**
   * Adds the counts of another part.
   *
   * @throws IllegalArgumentException if its cap is another
   */
  @Override
  public void merge(CategoryCounts other) {
    if (cap != other.cap) {
      throw new IllegalArgumentException(
          "counts with a cap of " + cap + " and of " + other.cap + " can't be merged");
    }
    count += other.count;
    nulls += other.nulls;
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i] += other.buckets[i];
    }
    table.addAll(other.table);
    if (zeroBits != other.zeroBits) {
      exclude(Math.max(zeroBits, other.zeroBits));
      table.keepWithout(excluded);
    }
    shrink();
  }

  /** How many texts were added, nulls apart. */
  public long count() {
    return count;
  }

  /** How many nulls were added. */
  public long nulls() {
    return nulls;
  }

  /** Whether all values are kept. */
  public boolean isComplete() {
    return zeroBits == 0;
  }

  /** The share of the distinct values that is kept, 2<sup>-k</sup>; 1 if all are. */
  public double sampleShare() {
    return Math.scalb(1.0, -zeroBits);
  }

  /** The values kept with their exact counts, by descending count, then by UTF-8 bytes. */
  public List<CategoryCount> counts() {
    Comparator<Integer> order = Comparator.comparing(entry -> -table.count(entry));
    return entries(order.thenComparing(table::compare)).stream()
        .map(
            entry ->
                new CategoryCount(
                    new String(table.bytes(entry), StandardCharsets.UTF_8), table.count(entry)))
        .toList();
  }

  /** Counts of all values by 256 buckets of hashes; a new array. */
  public long[] hashBuckets() {
    return buckets.clone();
  }

  /** A versioned state of one form only: equal counts have equal bytes. */
  public byte[] toBytes() {
    StateWriter out = new StateWriter(KIND, VERSION);
    out.writeLong(cap);
    out.writeLong(nulls);
    out.writeLong(zeroBits);
    out.writeLong(table.size());
    for (int entry : entries(table::compare)) {
      byte[] text = table.bytes(entry);
      out.writeLong(text.length);
      out.writeBytes(text, 0, text.length);
      out.writeLong(table.count(entry));
    }
    if (!isComplete()) {
      for (long bucket : buckets) {
        out.writeLong(bucket);
      }
    }
    return out.toBytes();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CategoryCounts
        && Arrays.equals(toBytes(), ((CategoryCounts) other).toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }

  @Override
  public String toString() {
    return "CategoryCounts[count=" + count + ", kept=" + table.size() + "]";
  }

  /** Whether a value would be kept, were it there: one that isn't then never occurred. */
  boolean wouldKeep(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return (XxHash64.hash(utf8, 0, utf8.length) & excluded) == 0;
  }

  private void addShort(byte[] utf8, int offset, int length, long times) {
    long hash = XxHash64.hash(utf8, offset, length);
    buckets[(int) hash & (BUCKETS - 1)] += times;
    count += times;
    if ((hash & excluded) == 0) {
      table.add(hash, utf8, offset, length, times);
      shrink();
    }
  }

  private void shrink() {
    while (table.size() > cap && zeroBits < Long.SIZE) {
      exclude(zeroBits + 1);
      table.keepWithout(excluded);
    }
  }

  private void exclude(int leading) {
    zeroBits = leading;
    excluded = leading == 0 ? 0 : -1L << (Long.SIZE - leading);
  }

  private List<Integer> entries(Comparator<Integer> order) {
    List<Integer> entries = new ArrayList<>(IntStream.range(0, table.size()).boxed().toList());
    entries.sort(order);
    return entries;
  }

  private void readTable(StateReader in, byte[] bytes) {
    int size = in.readInt(cap);
    for (int i = 0; i < size; i++) {
      int length = in.readInt(TextShortener.LONGEST);
      int start = in.skip(length);
      long times = in.readCount();
      in.total(count, times);
      addShort(bytes, start, length, times);
    }
  }

  private void readBuckets(StateReader in) {
    count = 0;
    for (int i = 0; i < BUCKETS; i++) {
      long bucket = in.readLong();
      if (bucket < buckets[i]) {
        throw in.bad("has " + buckets[i] + " values in a bucket of " + bucket);
      }
      buckets[i] = bucket;
      count = in.total(count, bucket);
    }
  }
}
