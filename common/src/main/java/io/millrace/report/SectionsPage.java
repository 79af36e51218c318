package io.millrace.report;

import java.util.List;

/** An answer of several sections, as a page. */
public record SectionsPage(String title, String madeBy, List<Section> sections) {

  public SectionsPage {
    sections = List.copyOf(sections);
  }

  /** A value as the page shows it. */
  public static String text(Object value) {
    return value == null
        ? "(null)"
        : value instanceof Double number ? Format.number(number) : value.toString();
  }
}
