package io.millrace.report;

import static io.millrace.report.PagesTest.index;
import static io.millrace.report.PagesTest.page;
import static io.millrace.report.SampleTables.LAST;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.ReportSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** Whatever a table holds is text on a page. */
class EscapingTest {

  private static final ReportSpec SPEC = new ReportSpec(2, List.of());

  @Test
  void hostileTextsAreTexts() {
    String hostile = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>&lt;${1}@if";
    ReportSource source = replacing(SampleTables.bank(), hostile);

    for (String page : List.of(page(source), index(source))) {
      Html html = Html.of(page);
      assertThat(html.all("script")).isEmpty();
      assertThat(html.all("img")).isEmpty();
      for (Element element : html.all("*")) {
        assertThat(element.hasAttribute("onerror")).isFalse();
      }
    }
    Html html = Html.of(page(source));
    assertThat(html.text()).contains(hostile);
    assertThat(html.all("span").stream().map(span -> span.getAttribute("title"))).contains(hostile);
  }

  @Test
  void hostileNamesAreTextsInPicturesToo() {
    String hostile = "</title><script>alert('x')</script>\" onload=\"alert(1)";

    Html html =
        Html.of(
            Pages.index(
                IndexEntry.all(hostile, SampleTables.bank(), SPEC, date -> Optional.of(hostile))));

    assertThat(html.all("script")).isEmpty();
    assertThat(html.all("*")).noneMatch(element -> element.hasAttribute("onload"));
    Element svg = html.all("svg").get(0);
    assertThat(svg.getAttribute("aria-label")).contains(hostile);
    assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).contains(hostile);
    assertThat(html.all("a").stream().map(a -> a.getAttribute("href"))).contains(hostile);
  }

  /** The same rows with free texts, and those within JSON, replaced. */
  private static ReportSource replacing(ReportSource source, String text) {
    List<String> free =
        List.of("message", "column", "metric", "check", "expected", "reason", "row", "algorithm");
    String json = text.replace("\"", "\\\"");
    return table ->
        source.rows(table).stream()
            .map(
                row -> {
                  Map<String, Object> changed = new LinkedHashMap<>(row);
                  changed.replaceAll((key, value) -> free.contains(key) ? text : value);
                  changed.computeIfPresent(
                      "bins", (key, bins) -> bins.toString().replace("missing", json));
                  changed.computeIfPresent(
                      "top_values", (key, top) -> top.toString().replace("admin.", json));
                  return changed;
                })
            .toList();
  }

  @Test
  void charactersThatNobodySeesAreReplaced() {
    SampleTables sample = SampleTables.bank();
    sample.add(
        "runs",
        "run_id",
        "x",
        "stage",
        "ingest",
        "date",
        LAST,
        "status",
        "done",
        "message",
        "a\u0000b\u001bc\u202ed\ud800e\u2066f\ttab");

    String page = page(sample);

    Html.of(page);
    assertThat(page).contains("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ttab");
  }
}
