package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Labels count only once {@code label.after} has passed. */
class MaturityTest {

  private static final Map<String, String> AFTER = Map.of("label.after", "2d");
  private static final LocalDate D0 = Shop.FIRST;

  @Test
  void trainingAndMeasuredPerformanceUseOnlyLabelsThatAreOldEnough() {
    Shop shop = new Shop().days(0, 4);
    try (Work work = shop.open(AFTER)) {
      new Chains(work).train(D0.plusDays(3));
      assertThat(TrainingInputs.latest(work, D0.plusDays(3)).dates())
          .containsExactly(D0, D0.plusDays(1));
      new Chains(work).score(D0.plusDays(3));
      for (int i = 4; i < 7; i++) {
        new IngestJob(work, D0.plusDays(i)).run();
        new LabelJob(work, D0.plusDays(i)).run();
        new Performance(work).measure(List.of(D0.plusDays(i)));
        assertThat(new Performance(work).upTo(D0.plusDays(i)).keySet())
            .isEqualTo(i < 5 ? java.util.Set.of() : java.util.Set.of(D0.plusDays(3)));
      }
    }
  }

  @Test
  void aDateThatIsTooEarlyIsToldWhy() {
    Shop shop = new Shop().days(0, 2);
    try (Work work = shop.open(AFTER)) {
      new IngestJob(work, D0.plusDays(1)).run();
      new LabelJob(work, D0.plusDays(1)).run();
      new FeaturesJob(work).ofDate(D0);

      assertThatThrownBy(() -> TrainingInputs.latest(work, D0.plusDays(1)))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "features/shop: there are none up to 2026-03-02; run `millrace run shop --date"
                  + " 2026-03-02`\n"
                  + "labels count only 2d after their date (label.after), so a later date may do");
    }
  }
}
