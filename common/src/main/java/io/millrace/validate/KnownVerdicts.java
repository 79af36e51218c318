package io.millrace.validate;

import io.millrace.stats.XxHash64;
import java.io.Serializable;
import java.util.Arrays;
import java.util.function.Predicate;

/** Remembers the verdict on texts of up to 256 bytes: one text for each of 8,192 hashes. */
final class KnownVerdicts implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int SLOTS = 8192;
  private static final int LONGEST = 256;

  private transient byte[][] texts;
  private transient boolean[] verdicts;

  /** The verdict on a text: the one remembered, or the judge's. */
  boolean of(TextBytes text, Predicate<TextBytes> judge) {
    if (text.length() > LONGEST) {
      return judge.test(text);
    }
    if (texts == null) {
      texts = new byte[SLOTS][];
      verdicts = new boolean[SLOTS];
    }
    int end = text.offset() + text.length();
    long hash = XxHash64.hash(text.array(), text.offset(), text.length());
    int slot = (int) hash & (SLOTS - 1);
    byte[] known = texts[slot];
    if (known == null || !Arrays.equals(known, 0, known.length, text.array(), text.offset(), end)) {
      verdicts[slot] = judge.test(text);
      texts[slot] = Arrays.copyOfRange(text.array(), text.offset(), end);
    }
    return verdicts[slot];
  }
}
