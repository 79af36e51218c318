package io.millrace.validate;

import java.io.Serializable;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** The bytes of one text after the other, without a copy where they lie in an array. */
final class TextBytes implements Serializable {

  private static final long serialVersionUID = 1L;

  private transient byte[] array;
  private transient int offset;
  private transient int length;

  /** Points at a text, until the row that holds it changes. */
  void set(UTF8String text) {
    length = text.numBytes();
    if (text.getBaseObject() instanceof byte[] base) {
      array = base;
      offset = (int) (text.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET);
    } else {
      array = text.getBytes();
      offset = 0;
    }
  }

  byte[] array() {
    return array;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }
}
