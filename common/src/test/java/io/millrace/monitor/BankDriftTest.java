package io.millrace.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.MonitorSpec.Distance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A bank's calls of May 2008 to November 2010: the first 70% of the rows against the later ones.
 */
class BankDriftTest {

  private static List<ColumnDrift> firstAgainstLast(Distance metric) throws IOException {
    Bank bank = Bank.read();
    int cut = bank.rows().size() * 7 / 10;
    return DriftJudge.judge(
        bank.compare(bank.rows().subList(0, cut), bank.rows().subList(cut, bank.rows().size())),
        Columns.spec(metric, 0.1, 0.25));
  }

  private static List<String> named(List<ColumnDrift> found, Verdict verdict) {
    return found.stream()
        .filter(drift -> drift.verdict() == verdict)
        .map(drift -> drift.watched().column())
        .toList();
  }

  @Test
  void whatTheCrisisMovedIsFound() throws IOException {
    List<ColumnDrift> found = firstAgainstLast(Distance.PSI);
    assertThat(named(found, Verdict.STOP))
        .containsExactly(
            "contact",
            "month",
            "pdays",
            "previous",
            "poutcome",
            "emp.var.rate",
            "cons.price.idx",
            "cons.conf.idx",
            "euribor3m",
            "nr.employed");
    assertThat(named(found, Verdict.WARN)).containsExactly("age", "job", "default");
    assertThat(named(found, Verdict.OK)).hasSize(7).contains("marital", "loan", "duration");
  }

  @Test
  void theLineSaysWhatHappened() throws IOException {
    List<String> lines = firstAgainstLast(Distance.PSI).stream().map(ColumnDrift::message).toList();
    assertThat(lines)
        .contains(
            "pdays: psi 0.50 (chance 0.00012), 999 went from 99.8% to 88.2%, 0 to 27 went from"
                + " 0.2% to 11.8%",
            "month: psi 1.46 (chance 0.0010), may went from 26.9% to 48.6%, jul went from 23.2% to"
                + " 4.0%, new: sep (570)",
            "default: psi 0.16 (chance 0.00023), no went from 74.7% to 89.5%, unknown went from"
                + " 25.3% to 10.5%, vanished: yes (3)",
            "loan: psi 0.00 (chance 0.00023)");
  }

  @Test
  void eachMeasureFindsTheRates() throws IOException {
    for (Distance metric : Distance.values()) {
      assertThat(named(firstAgainstLast(metric), Verdict.STOP))
          .as(metric.name())
          .contains("emp.var.rate", "euribor3m", "nr.employed");
    }
  }

  /** As SciPy's ks_2samp gives it for these rows. */
  @Test
  void exactNumbersGiveSciPysFigure() throws IOException {
    ColumnDrift employed =
        firstAgainstLast(Distance.KOLMOGOROV_SMIRNOV).stream()
            .filter(drift -> drift.watched().column().equals("nr.employed"))
            .findFirst()
            .orElseThrow();
    assertThat(employed.judged().orElseThrow().value()).isBetween(0.9604, 0.9605);
  }

  /** With limits of next to nothing, so that only the judgement of chance keeps alarms back. */
  @Test
  void halvesOfTheSameRowsAreAlike() throws IOException {
    Bank bank = Bank.read();
    int columns = 0;
    List<String> alarms = new ArrayList<>();
    for (int seed = 1; seed <= 5; seed++) {
      List<String[]> rows = new ArrayList<>(bank.rows());
      Collections.shuffle(rows, new Random(seed));
      int half = rows.size() / 2;
      List<Watched> watched = bank.compare(rows.subList(0, half), rows.subList(half, rows.size()));
      for (ColumnDrift drift : DriftJudge.judge(watched, Columns.spec(Distance.PSI, 1e-9, 1))) {
        columns++;
        if (drift.verdict() != Verdict.OK) {
          alarms.add(seed + " " + drift.message());
        }
      }
    }
    assertThat(columns).isEqualTo(100);
    assertThat(alarms).isEmpty();
  }
}
