package io.millrace.erase;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import io.millrace.erase.Receipts.Entry;
import io.millrace.erase.Receipts.Step;
import io.millrace.table.Lake;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What receipts tell of an erasure that goes on after it found something left. */
class ReceiptsTest {

  private static final String ID = "0123456789ab-1";
  private static final String TABLE = "raw/visits";

  private final Lake lake =
      Lake.open(TestSpark.temporary("receipts").toString(), TestSpark::session);
  private final Receipts receipts = new Receipts(lake);

  private void add(Step step, long before, long version) {
    Subject subject = Subject.parse(List.of("id=C-41.x"));
    Entry entry = new Entry(step, TABLE, 1, 1, 1, before, version);
    receipts.add(ID, subject, "", List.of(entry));
  }

  @Test
  void aTableThatIsTakenUpOnceMoreIsOpenUntilItsNewVersionIsErased() {
    assertThat(receipts.open(ID)).isEmpty();
    add(Step.PLANNED, 3, -1);
    assertThat(receipts.open(ID)).containsExactly(TABLE);
    add(Step.ERASED, 3, 4);
    add(Step.ERASED, 3, 4);
    assertThat(receipts.rows()).as("told twice, kept once").hasSize(2);
    assertThat(receipts.open(ID)).isEmpty();
    assertThat(receipts.left(TABLE, 2)).isEqualTo(4);

    add(Step.PLANNED, 5, -1);
    assertThat(receipts.open(ID)).containsExactly(TABLE);
    add(Step.ERASED, 5, 6);

    assertThat(receipts.open(ID)).isEmpty();
    assertThat(receipts.left(TABLE, 2)).isEqualTo(6);
    assertThat(receipts.left(TABLE, 4)).isEqualTo(6);
    assertThat(receipts.left(TABLE, 6)).isEqualTo(6);
  }
}
