package io.millrace.train;

import io.millrace.model.Predictor;
import java.util.OptionalInt;

/** A learner with its settings: encoded rows in, a predictor of ours out. */
interface Learner {

  /** Fits on the rows that train; rows that tune may stop it early. */
  Learned fit(Encoded rows);

  /**
   * What a learner found.
   *
   * @param predictor converted from the library's result
   * @param library the library's own scores, to compare with
   * @param rounds boosting rounds kept
   */
  record Learned(Predictor predictor, LibraryScores library, OptionalInt rounds) {}

  /** Scores as the training library itself gives them. */
  interface LibraryScores {
    /** Outputs of each row: as {@link Predictor#predict} gives them. */
    double[][] of(EncodedRows rows);
  }
}
