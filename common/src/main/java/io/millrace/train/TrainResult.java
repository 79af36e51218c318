package io.millrace.train;

import io.millrace.model.Model;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What training found.
 *
 * @param challenger the model that was asked for
 * @param baseline the simple one beside it
 * @param trials of the random search, the spec's own settings first; empty without one
 * @param trainRows rows that trained
 * @param tuneRows rows that tuned
 * @param classRows rows that trained by class, in the order of the classes; empty for a regression
 * @param warnings what the owner of the pipeline should know, one sentence each
 */
public record TrainResult(
    Fitted challenger,
    Optional<Fitted> baseline,
    List<Trial> trials,
    long trainRows,
    long tuneRows,
    List<Long> classRows,
    List<String> warnings) {

  public TrainResult {
    trials = List.copyOf(trials);
    classRows = List.copyOf(classRows);
    warnings = List.copyOf(warnings);
  }

  /**
   * A model that matched its library's scores.
   *
   * @param algorithm the spec's word for it
   * @param largestDifference from the library's own scores, relative ({@code Parity})
   * @param rounds boosting rounds kept
   * @param dropped features that said nothing in training, with the reason
   */
  public record Fitted(
      Model model,
      String algorithm,
      double largestDifference,
      OptionalInt rounds,
      Map<String, String> dropped) {}
}
