package io.millrace.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.List;

/** The pages as HTML in UTF-8 that is well-formed XML too. Templates: {@code src/main/jte}. */
public final class Pages {

  /** Templates are classes of this package, made by the build. */
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Pages.class.getClassLoader(), Pages.class.getPackageName());

  private Pages() {}

  /** The page of one pipeline and date; it links to {@code ../index.html}. */
  public static String page(ReportData data) {
    return rendered("page.jte", data);
  }

  /** The page that lists the dates of all pipelines. */
  public static String index(List<IndexEntry> entries) {
    return rendered("index.jte", IndexPipeline.of(entries));
  }

  /** The page of what changed between two versions of a table. */
  public static String diff(DiffPage page) {
    return rendered("diff.jte", page);
  }

  /** The page of an answer of several sections. */
  public static String sections(SectionsPage page) {
    return rendered("sections.jte", page);
  }

  private static String rendered(String template, Object of) {
    StringOutput output = new StringOutput(1 << 16);
    TEMPLATES.render(template, of, output);
    return visible(output.toString());
  }

  /**
   * Characters that no reader sees, but that break a page or turn its text around (controls, marks
   * of direction, halves of pairs), become U+FFFD.
   */
  private static String visible(String html) {
    StringBuilder text = new StringBuilder(html.length());
    html.codePoints().forEach(c -> text.appendCodePoint(isVisible(c) ? c : 0xFFFD));
    return text.toString();
  }

  private static boolean isVisible(int c) {
    boolean control = c < ' ' && c != '\n' && c != '\t' || c >= 0x7F && c < 0xA0;
    boolean turns = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
    boolean none = c >= 0xD800 && c < 0xE000 || c == 0xFFFE || c == 0xFFFF;
    return !control && !turns && !none;
  }
}
