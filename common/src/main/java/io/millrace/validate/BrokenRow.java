package io.millrace.validate;

import java.io.Serializable;

/**
 * A row that breaks checks.
 *
 * @param runId its slice
 * @param rowId its identity
 * @param rules what it breaks and how: {@code in-range(age): age 130}
 * @param json the measured columns
 */
record BrokenRow(String runId, String rowId, String[] rules, String json) implements Serializable {

  /** Characters in it, about the memory that it takes. */
  long size() {
    long size = (long) runId.length() + rowId.length() + json.length();
    for (String rule : rules) {
      size += rule.length();
    }
    return size;
  }
}
