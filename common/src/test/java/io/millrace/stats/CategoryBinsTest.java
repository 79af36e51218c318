package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CategoryBinsTest {

  @Test
  void rareCategoriesArePooledAndNewOnesListed() {
    CategoryCounts reference = new CategoryCounts();
    add(reference, "red", 60);
    add(reference, "blue", 30);
    add(reference, "gone", 7);
    add(reference, "odd", 3);
    CategoryCounts current = new CategoryCounts();
    add(current, "blue", 30);
    add(current, "red", 10);
    add(current, "new", 8);
    add(current, "odd", 2);
    CategoryBins bins = CategoryBins.align(reference, current);
    // a third of both is in the smaller one, so 15 rows of both are needed
    assertThat(bins.bins())
        .containsExactly(
            new CategoryBin("red", 60, 10),
            new CategoryBin("blue", 30, 30),
            new CategoryBin("(rare)", 10, 10));
    assertThat(bins.added()).containsExactly(new CategoryCount("new", 8));
    assertThat(bins.vanished()).containsExactly(new CategoryCount("gone", 7));
    assertThat(bins.capped()).isFalse();
    assertThat(bins.reference()).containsExactly(60, 30, 10);
    assertThat(bins.current()).containsExactly(10, 30, 10);
    assertThat(bins.withMissing(4, 5).bins()).last().isEqualTo(new CategoryBin("(missing)", 4, 5));
  }

  @Test
  void equalCountsStandInTheOrderOfTheirBytes() {
    CategoryCounts counts = new CategoryCounts();
    add(counts, "😀", 10);
    add(counts, "\uffee", 10);
    add(counts, "b", 10);
    assertThat(CategoryBins.align(counts, counts).bins())
        .extracting(CategoryBin::name)
        .containsExactly("b", "\uffee", "😀");
  }

  @Test
  void tooManyCategoriesAreComparedByHashBuckets() {
    CategoryCounts reference = new CategoryCounts(50);
    CategoryCounts current = new CategoryCounts(50);
    Set<String> added = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      add(reference, "key " + i % 5000, 1);
      add(current, "key " + i % 6000, 1);
      added.add("key " + (5000 + i % 1000));
    }
    CategoryBins bins = CategoryBins.align(reference, current);
    assertThat(bins.capped()).isTrue();
    assertThat(bins.bins()).hasSize(256);
    assertThat(bins.bins().get(10).name()).isEqualTo("(hash 0a)");
    assertThat(Arrays.stream(bins.reference()).sum()).isEqualTo(20_000);
    assertThat(Arrays.stream(bins.current()).sum()).isEqualTo(20_000);
    assertThat(bins.added()).isNotEmpty().allMatch(count -> added.contains(count.value()));
    assertThat(bins.vanished()).isEmpty();
  }

  @Test
  void oneCappedSideListsWhatTheOtherLacksAndNoMore() {
    CategoryCounts reference = new CategoryCounts(50);
    CategoryCounts current = new CategoryCounts(50);
    IntStream.range(0, 1000).forEach(i -> add(reference, "key " + i, 1));
    IntStream.range(0, 30).forEach(i -> add(current, "key " + i, 1));
    add(current, "stranger", 1);
    CategoryBins bins = CategoryBins.align(reference, current);
    assertThat(bins.capped()).isTrue();
    assertThat(bins.added()).allMatch(count -> count.value().equals("stranger"));
    Set<String> kept =
        reference.counts().stream().map(CategoryCount::value).collect(Collectors.toSet());
    assertThat(bins.vanished())
        .isNotEmpty()
        .allMatch(count -> kept.contains(count.value()))
        .noneMatch(count -> Integer.parseInt(count.value().substring(4)) < 30);
  }

  @Test
  void withoutValuesThereAreNoBins() {
    CategoryBins bins = CategoryBins.align(new CategoryCounts(), new CategoryCounts());
    assertThat(bins.bins()).isEmpty();
    assertThat(bins.withMissing(1, 2).current()).containsExactly(2);
  }

  private static void add(CategoryCounts counts, String value, long times) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    counts.add(utf8, 0, utf8.length, times);
  }
}
