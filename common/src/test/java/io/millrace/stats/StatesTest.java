package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What all sketches promise: one state for the same values, whatever the order and the parts. */
class StatesTest {

  private static final int TRIES = 150;

  @Test
  void histogramsHaveOneStateInAnyOrder() {
    for (int seed = 0; seed < TRIES; seed++) {
      Random random = new Random(seed);
      List<Double> values = new ArrayList<>();
      for (int i = random.nextInt(300); i > 0; i--) {
        values.add(Numbers.any(random));
      }
      assertOrderFree(random, values, LogHistogram::new, (h, x) -> h.add(x), LogHistogram::toBytes);
    }
  }

  @Test
  void cardinalitiesHaveOneStateInAnyOrder() {
    for (int seed = 0; seed < TRIES; seed++) {
      Random random = new Random(seed);
      List<Long> values = new ArrayList<>();
      for (int i = random.nextInt(seed % 10 == 0 ? 5000 : 300); i > 0; i--) {
        values.add(random.nextLong() >>> random.nextInt(40));
      }
      assertOrderFree(
          random,
          values,
          HyperLogLog::new,
          (sketch, x) -> sketch.add(XxHash64.hash(x)),
          HyperLogLog::toBytes);
    }
  }

  @Test
  void categoriesHaveOneStateInAnyOrder() {
    for (int seed = 0; seed < TRIES; seed++) {
      Random random = new Random(seed);
      int distinct = 1 + random.nextInt(200);
      List<String> values = new ArrayList<>();
      for (int i = random.nextInt(400); i > 0; i--) {
        values.add(random.nextInt(20) == 0 ? null : "v" + random.nextInt(distinct));
      }
      assertOrderFree(
          random,
          values,
          () -> new CategoryCounts(16),
          CategoryCounts::add,
          CategoryCounts::toBytes);
    }
  }

  @Test
  void badBytesAreRefused() {
    LogHistogram histogram = new LogHistogram();
    HyperLogLog sketch = new HyperLogLog();
    CategoryCounts counts = new CategoryCounts(4);
    for (int i = -9; i < 30; i++) {
      histogram.add(i * 1.7);
      sketch.add(XxHash64.hash(i));
      counts.add("text " + i);
    }
    assertOnlyItsOwnFormIsRead(histogram.toBytes(), LogHistogram::of, LogHistogram::toBytes);
    assertOnlyItsOwnFormIsRead(sketch.toBytes(), HyperLogLog::of, HyperLogLog::toBytes);
    assertOnlyItsOwnFormIsRead(counts.toBytes(), CategoryCounts::of, CategoryCounts::toBytes);
  }

  @Test
  void messagesSayWhatIsWrongWithTheBytes() {
    byte[] state = new LogHistogram().toBytes();
    assertThatThrownBy(() -> HyperLogLog.of(state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("these 8 bytes are no HyperLogLog");
    assertThatThrownBy(() -> LogHistogram.of(Arrays.copyOf(state, 9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the log histogram goes on after its end (byte 8 of 9)");
    assertThatThrownBy(() -> LogHistogram.of(Arrays.copyOf(state, 7)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the log histogram ends too early (byte 7 of 7)");
    state[1] = 7;
    assertThatThrownBy(() -> LogHistogram.of(state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a log histogram of version 7, where version 1 can be read");
    byte[] text = "C\1\4\0\0\2\1b\1\1a\1".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> CategoryCounts.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the state of category counts has values out of order, or that don't belong to it"
                + " (byte 12 of 12)");
  }

  private interface Add<S, V> {
    void add(S state, V value);
  }

  private static <S extends Mergeable<S>, V> void assertOrderFree(
      Random random,
      List<V> values,
      Supplier<S> empty,
      Add<S, V> add,
      Function<S, byte[]> toBytes) {
    S whole = empty.get();
    values.forEach(value -> add.add(whole, value));
    List<V> shuffled = new ArrayList<>(values);
    Collections.shuffle(shuffled, random);
    List<S> parts = new ArrayList<>();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      parts.add(empty.get());
    }
    shuffled.forEach(value -> add.add(parts.get(random.nextInt(parts.size())), value));
    while (parts.size() > 1) {
      S taken = parts.remove(random.nextInt(parts.size()));
      byte[] before = toBytes.apply(taken);
      parts.get(random.nextInt(parts.size())).merge(taken);
      assertThat(toBytes.apply(taken)).isEqualTo(before);
    }
    assertThat(parts.get(0)).isEqualTo(whole).hasSameHashCodeAs(whole);
    assertThat(toBytes.apply(parts.get(0))).isEqualTo(toBytes.apply(whole));
  }

  /** Of all bytes that differ in one place or end early, each is refused or is another state. */
  private static <S> void assertOnlyItsOwnFormIsRead(
      byte[] bytes, Function<byte[], S> of, Function<S, byte[]> toBytes) {
    assertThat(toBytes.apply(of.apply(bytes))).isEqualTo(bytes);
    int refused = 0;
    for (int i = 0; i < bytes.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = bytes.clone();
        changed[i] ^= (byte) (1 << bit);
        refused += isRefused(changed, of, toBytes) ? 1 : 0;
      }
      assertThat(isRefused(Arrays.copyOf(bytes, i), of, toBytes)).isTrue();
    }
    assertThat(isRefused(Arrays.copyOf(bytes, bytes.length + 1), of, toBytes)).isTrue();
    assertThat(refused).isGreaterThan(bytes.length);
  }

  private static <S> boolean isRefused(
      byte[] bytes, Function<byte[], S> of, Function<S, byte[]> toBytes) {
    S read;
    try {
      read = of.apply(bytes);
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
      return true;
    }
    assertThat(toBytes.apply(read)).isEqualTo(bytes);
    return false;
  }
}
