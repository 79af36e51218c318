package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CategoryCountsTest {

  @Test
  void countsAreExactUpToTheCap() {
    CategoryCounts counts = new CategoryCounts(4);
    for (String value : Arrays.asList("b", "a", "", "é", "b", null, "é", "b")) {
      counts.add(value);
    }
    assertThat(counts.isComplete()).isTrue();
    assertThat(counts.sampleShare()).isEqualTo(1);
    assertThat(counts.count()).isEqualTo(7);
    assertThat(counts.nulls()).isEqualTo(1);
    assertThat(counts.counts())
        .containsExactly(
            new CategoryCount("b", 3),
            new CategoryCount("é", 2),
            new CategoryCount("", 1),
            new CategoryCount("a", 1));
    assertThat(CategoryCounts.of(counts.toBytes())).isEqualTo(counts);
    assertThat(counts).hasToString("CategoryCounts[count=7, kept=4]");
  }

  @Test
  void tiesStandInTheOrderOfTheirBytes() {
    // in UTF-16 the surrogates of the second would come first
    CategoryCounts counts = counts(9, "\uffee", "😀", "z");
    assertThat(counts.counts())
        .extracting(CategoryCount::value)
        .containsExactly("z", "\uffee", "😀");
  }

  @Test
  void beyondTheCapASampleKeepsExactCounts() {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Map<String, Long> exact = new HashMap<>();
      CategoryCounts counts = new CategoryCounts(32);
      for (int i = 0; i < 4000; i++) {
        String value = "v" + (int) (1000 * Math.pow(random.nextDouble(), 2));
        exact.merge(value, 1L, Long::sum);
        counts.add(value);
      }
      assertThat(counts.isComplete()).isFalse();
      assertThat(counts.counts()).hasSizeBetween(1, 32);
      for (CategoryCount kept : counts.counts()) {
        assertThat(kept.count()).isEqualTo(exact.get(kept.value()));
        assertThat(counts.wouldKeep(kept.value())).isTrue();
      }
      long wouldBeKept = exact.keySet().stream().filter(counts::wouldKeep).count();
      assertThat(counts.counts()).hasSize((int) wouldBeKept);
      assertThat(Arrays.stream(counts.hashBuckets()).sum()).isEqualTo(4000);
      assertThat(counts.count()).isEqualTo(4000);
    }
  }

  @Test
  void theSampleShareTellsHowManyDistinctValuesThereAre() {
    CategoryCounts counts = new CategoryCounts();
    for (int i = 0; i < 100_000; i++) {
      counts.add("customer " + i);
    }
    assertThat(counts.sampleShare()).isEqualTo(1.0 / 32);
    assertThat(counts.counts().size() / counts.sampleShare()).isCloseTo(100_000, within(8_000.0));
  }

  @Test
  void ofALongTextTheBeginningAndTheHashAreKept() {
    CategoryCounts counts = new CategoryCounts();
    String longest = "ä".repeat(128);
    counts.add(longest);
    counts.add(longest + "x");
    counts.add(longest + "y");
    counts.add(longest + "y");
    List<CategoryCount> kept = counts.counts();
    assertThat(kept).hasSize(3);
    byte[] text = (longest + "y").getBytes(StandardCharsets.UTF_8);
    assertThat(kept.get(0).count()).isEqualTo(2);
    assertThat(kept.get(0).value())
        .isEqualTo("ä".repeat(118) + "…#%016x".formatted(XxHash64.hash(text, 0, text.length)));
    assertThat(kept.get(1)).isEqualTo(new CategoryCount(longest, 1));
    byte[] huge = new byte[10_000_000];
    counts.add(huge, 0, huge.length);
    assertThat(counts.toBytes()).hasSizeLessThan(1200);
  }

  @Test
  void aCutIsNeverWithinACharacter() {
    for (int i = 0; i < 4; i++) {
      String text = "x".repeat(i) + "😀".repeat(100);
      CategoryCounts counts = counts(4, text);
      String kept = counts.counts().get(0).value();
      assertThat(kept).doesNotContain("\ufffd").startsWith(text.substring(0, 100));
      assertThat(kept.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(256);
    }
  }

  @Test
  void refusesWhatCanNotBe() {
    CategoryCounts counts = new CategoryCounts(4);
    assertThatThrownBy(() -> new CategoryCounts(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a cap is 1 to 1048576, not 0");
    assertThatThrownBy(() -> counts.merge(new CategoryCounts(5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("counts with a cap of 4 and of 5 can't be merged");
    assertThatThrownBy(() -> counts.add(new byte[1], 0, 1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a text can't occur -1 times");
    assertThatThrownBy(() -> counts.add(new byte[1], 1, 1))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Range [1, 1 + 1) out of bounds for length 1");
  }

  static CategoryCounts counts(int cap, String... values) {
    CategoryCounts counts = new CategoryCounts(cap);
    for (String value : values) {
      counts.add(value);
    }
    return counts;
  }
}
