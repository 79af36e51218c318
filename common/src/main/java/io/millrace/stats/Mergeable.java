package io.millrace.stats;

import java.io.Serializable;

/**
 * What was found in a part of the rows: of bounded size, and merged in any order to the same bits.
 *
 * @param <S> the type itself
 */
public interface Mergeable<S> extends Serializable {

  /** Adds what another part of the rows holds. */
  void merge(S other);
}
