package io.millrace.report;

import static io.millrace.report.SampleTables.LAST;
import static io.millrace.report.SampleTables.PIPELINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.ReportSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class PagesTest {

  private static final ReportSpec SPEC = new ReportSpec(2, List.of());
  private static final List<String> CHAPTERS =
      List.of(
          "runs",
          "validate",
          "profile",
          "features",
          "train",
          "evaluate",
          "score",
          "monitor",
          "performance",
          "release",
          "timings",
          "provenance");

  static String page(ReportSource source) {
    return Pages.page(ReportData.of(PIPELINE, LAST, source, SPEC));
  }

  static String index(ReportSource source) {
    return Pages.index(
        IndexEntry.all(PIPELINE, source, SPEC, date -> Optional.of("bank/" + date + ".html")));
  }

  @Test
  void everyChapterHasItsHeadingAndEveryLinkItsPlace() {
    Html html = Html.of(page(SampleTables.bank()));

    assertThat(html.all("section")).extracting(s -> s.getAttribute("id")).isEqualTo(CHAPTERS);
    assertThat(html.all("h1")).hasSize(1);
    assertThat(html.all("h2")).hasSize(CHAPTERS.size());
    List<String> links = html.all("a").stream().map(a -> a.getAttribute("href")).toList();
    assertThat(links.get(0)).isEqualTo("../index.html");
    assertThat(links.subList(1, links.size()))
        .isEqualTo(CHAPTERS.stream().map(chapter -> "#" + chapter).toList());
  }

  @Test
  void tablesHaveCaptionsAndHeadersAndPicturesHaveTitles() {
    for (String page : List.of(page(SampleTables.bank()), index(SampleTables.bank()))) {
      Html html = Html.of(page);
      assertThat(html.all("table")).isNotEmpty();
      for (Element table : html.all("table")) {
        assertThat(table.getElementsByTagName("caption").getLength()).isEqualTo(1);
        assertThat(table.getElementsByTagName("th").item(0).getAttributes().getNamedItem("scope"))
            .isNotNull();
      }
      for (Element svg : html.all("svg")) {
        boolean decorates = svg.getAttribute("aria-hidden").equals("true");
        assertThat(decorates || svg.getElementsByTagName("title").getLength() > 0).isTrue();
      }
      List<String> ids = new ArrayList<>();
      html.all("*").forEach(element -> ids.add(element.getAttribute("id")));
      ids.removeIf(String::isEmpty);
      assertThat(ids).doesNotHaveDuplicates();
    }
  }

  @Test
  void nothingIsRequestedAndNothingRuns() {
    for (String page : List.of(page(SampleTables.bank()), index(SampleTables.bank()))) {
      assertThat(page)
          .doesNotContainIgnoringCase("http")
          .doesNotContain("src=", "<script", "<link", "<img", "<iframe", "url(", "@import");
    }
  }

  @Test
  void figuresAreThoseOfTheTables() {
    Html html = Html.of(page(SampleTables.bank()));

    assertThat(Html.rows(html.section("runs")))
        .contains(
            List.of(
                "train", "train/bank", "● done", "31,204", "31,204", "0", "2010-10-01 04:12", ""));
    assertThat(Html.rows(html.section("validate")))
        .contains(
            List.of(
                "▲ failed",
                "bank",
                "in-range(age)",
                "quarantine",
                "0.0076",
                "17 to 98",
                "7",
                "0.76\u202f%",
                "7 of 919 rows: 999, 999, 0"))
        .contains(List.of("bank", "in-range(age)", "age", "7"));
    assertThat(Html.rows(html.section("evaluate")))
        .contains(
            List.of(
                "auc",
                "0.8010 0.7920 to 0.8100",
                "0.7880 0.7790 to 0.7970",
                "0.7390 0.7300 to 0.7480"))
        .contains(List.of("yes", "708 77.0\u202f%", "212 23.0\u202f%"));
    assertThat(Html.rows(html.section("performance")))
        .anySatisfy(
            row ->
                assertThat(row)
                    .startsWith("2009-09-01", "3fa1c09be27d", "0.7930")
                    .endsWith("860", "2009-10-01"));
    assertThat(Html.rows(html.section("timings")).get(1)).startsWith("train", "1 min 23 s");
    assertThat(html.section("release").getTextContent())
        .contains("held back", "train again", "euribor3m: psi 0.38 is over 0.25");
  }

  @Test
  void atMostTheAskedSampleRowsAreShown() {
    Html html = Html.of(page(SampleTables.bank()));

    assertThat(html.section("validate").getTextContent()).contains("2 sample rows of");
    Html without =
        Html.of(
            Pages.page(
                ReportData.of(PIPELINE, LAST, SampleTables.bank(), new ReportSpec(0, List.of()))));
    assertThat(without.section("validate").getTextContent()).doesNotContain("sample row");
  }

  @Test
  void emptyTablesSayWhyThereIsNothing() {
    Html html = Html.of(page(SampleTables.empty()));

    for (String chapter : CHAPTERS) {
      assertThat(html.section(chapter).getElementsByTagName("p").item(0).getTextContent())
          .as(chapter)
          .endsWith(".");
      assertThat(html.section(chapter).getElementsByTagName("table").getLength()).isZero();
    }
    assertThat(html.section("monitor").getTextContent())
        .contains("Drift was not measured up to this date.");
    assertThat(Html.of(Pages.index(List.of())).text()).contains("No pipeline has run yet.");
  }

  @Test
  void longTextsAreCutAndWholeInTheTitle() {
    SampleTables sample = SampleTables.bank();
    String text = "word ".repeat(100).strip();
    sample.add(
        "runs", "run_id", "x", "stage", "ingest", "date", LAST, "status", "done", "message", text);

    Html html = Html.of(page(sample));

    assertThat(html.section("runs").getTextContent()).contains("…").doesNotContain(text);
    assertThat(html.all("span").stream().map(span -> span.getAttribute("title"))).contains(text);
  }

  @Test
  void pagesOfAThousandColumnsStaySmallAndSayWhatIsLeftOut() {
    SampleTables sample = SampleTables.bank();
    for (int i = 0; i < 1000; i++) {
      for (Map<String, Object> row :
          List.of(sample.rows("profiles").get(0), sample.rows("drift").get(0))) {
        Map<String, Object> copy = new LinkedHashMap<>(row);
        copy.put("column", "c" + i);
        copy.put("date", LAST);
        boolean profile = copy.containsKey("table");
        copy.put(
            "run_id", SampleTables.id(profile ? "profile" : "monitor", SampleTables.DATES - 1));
        sample.add(profile ? "profiles" : "drift", flat(copy));
      }
    }

    String page = page(sample);

    assertThat(page.length()).isLessThan(2_000_000);
    Html html = Html.of(page);
    assertThat(html.section("profile").getTextContent())
        .contains("905 columns more: see table profiles.");
    assertThat(html.section("monitor").getTextContent())
        .contains("918 columns more: see table drift.");
  }

  private static Object[] flat(Map<String, Object> row) {
    List<Object> flat = new ArrayList<>();
    row.forEach(
        (name, value) -> {
          flat.add(name);
          flat.add(value);
        });
    return flat.toArray();
  }

  @Test
  void runsInAnotherOrderGiveTheSameBytes() {
    SampleTables sample = SampleTables.bank();

    assertThat(page(table -> byRunBackwards(sample.rows(table)))).isEqualTo(page(sample));
    assertThat(index(table -> byRunBackwards(sample.rows(table)))).isEqualTo(index(sample));
  }

  private static List<Map<String, Object>> byRunBackwards(List<Map<String, Object>> rows) {
    Map<String, List<Map<String, Object>>> runs = new LinkedHashMap<>();
    for (Map<String, Object> row : rows) {
      runs.computeIfAbsent(String.valueOf(row.get("run_id")), k -> new ArrayList<>()).add(row);
    }
    List<List<Map<String, Object>>> backwards = new ArrayList<>(runs.values());
    Collections.reverse(backwards);
    return backwards.stream().flatMap(List::stream).toList();
  }

  @Test
  void theIndexListsDatesWithTheNewestFirst() {
    Html html = Html.of(index(SampleTables.bank()));

    List<List<String>> rows = Html.rows(html.section(PIPELINE));
    assertThat(rows).hasSize(1 + SampleTables.DATES);
    assertThat(rows.get(1)).startsWith("2010-10-01", "■ held back: checks, leaks, drift", "488");
    assertThat(rows.get(SampleTables.DATES))
        .startsWith("2009-09-01", "● released")
        .contains("3fa1c09be27d", "0.7930");
    assertThat(html.all("a").stream().map(a -> a.getAttribute("href")))
        .contains("#bank", "bank/2010-10-01.html");
    assertThat(html.all("desc").get(0).getTextContent()).startsWith("14 values from 0.1");
    assertThat(new HashSet<>(html.all("svg"))).hasSize(2);
  }
}
