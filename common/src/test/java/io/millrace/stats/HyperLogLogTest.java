package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HyperLogLogTest {

  @Test
  void estimatesAreAsNearAsPromised() {
    for (int distinct : new int[] {1, 10, 100, 1000, 3000, 10_000, 30_000, 100_000}) {
      double squares = 0;
      int tries = 60;
      for (int seed = 0; seed < tries; seed++) {
        HyperLogLog sketch = new HyperLogLog();
        for (int i = 0; i < distinct; i++) {
          sketch.add(XxHash64.hash((long) seed << 40 | i));
        }
        double error = sketch.estimate() / distinct - 1;
        squares += error * error;
      }
      double deviation = Math.sqrt(squares / tries);
      // 60 tries leave a deviation of 9% in a deviation: four of them
      assertThat(deviation).isLessThan(1.37 * HyperLogLog.RELATIVE_ERROR);
    }
  }

  @Test
  void fewValuesAreAboutExact() {
    HyperLogLog sketch = new HyperLogLog();
    assertThat(sketch.estimate()).isZero();
    for (int i = 1; i <= 100; i++) {
      sketch.add(XxHash64.hash(i));
      sketch.add(XxHash64.hash(i));
      assertThat(sketch.estimate()).isCloseTo(i, within(0.03 * i + 0.01));
    }
    assertThat(sketch.toBytes()).hasSizeLessThan(300);
  }

  @Test
  void fullRegistersEstimateInfinitelyMany() {
    HyperLogLog sketch = new HyperLogLog();
    for (long i = 0; i < 4096; i++) {
      sketch.add(i << 52);
    }
    assertThat(sketch.estimate()).isInfinite();
    assertThat(HyperLogLog.of(sketch.toBytes())).isEqualTo(sketch);
    assertThat(sketch).hasToString("HyperLogLog[estimate=Infinity]");
  }

  @Test
  void manyValuesTakeFourKilobytes() {
    HyperLogLog sketch = new HyperLogLog();
    for (int i = 0; i < 50_000; i++) {
      sketch.add(XxHash64.hash(i));
    }
    assertThat(sketch.toBytes()).hasSizeBetween(4096, 4102);
    assertThat(HyperLogLog.of(sketch.toBytes())).isEqualTo(sketch);
  }
}
