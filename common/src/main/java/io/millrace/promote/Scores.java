package io.millrace.promote;

import io.millrace.evaluate.Metric;
import java.util.List;
import java.util.Optional;

/**
 * What the gates look at: metrics of models on the same held-out rows.
 *
 * @param challenger the model that asks for promotion
 * @param champion the one in force; absent when there is none yet
 * @param baseline the simple one that was trained beside the challenger, if any
 */
public record Scores(
    List<Metric> challenger, Optional<List<Metric>> champion, Optional<List<Metric>> baseline) {

  public Scores {
    challenger = List.copyOf(challenger);
    champion = champion.map(List::copyOf);
    baseline = baseline.map(List::copyOf);
  }
}
