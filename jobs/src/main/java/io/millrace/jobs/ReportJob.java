package io.millrace.jobs;

import io.millrace.Stage;
import io.millrace.UnavailableException;
import io.millrace.jobs.console.StageLine;
import io.millrace.report.IndexEntry;
import io.millrace.report.Pages;
import io.millrace.report.ReportData;
import io.millrace.report.ReportSource;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.RawColumns;
import io.millrace.table.RunLog;
import io.millrace.table.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes the pages of dates, and the index of all pipelines; a page that is the same stays. */
final class ReportJob {

  private static final int SAMPLES = 100;

  private final Work work;

  ReportJob(Work work) {
    this.work = work;
  }

  /**
   * Writes the pages of some dates of the pipeline.
   *
   * @return where the index is
   */
  Path run(List<LocalDate> dates) {
    work.flush();
    Path index = new Path(work.lake().path("reports"), "index.html");
    LocalDate last = dates.get(dates.size() - 1);
    try (StageLine line = work.begin(Stage.REPORT, last)) {
      int written = 0;
      for (LocalDate date : dates) {
        ReportData data =
            ReportData.of(
                work.name(), date, source(work.name(), Optional.of(date)), work.spec().report());
        written += write(page(work.name(), date), Pages.page(data)) ? 1 : 0;
      }
      written += write(index, index()) ? 1 : 0;
      if (written == 0) {
        line.alreadyDone();
      } else {
        line.done(shown(dates.size() == 1 ? page(work.name(), last) : index));
      }
    }
    return index;
  }

  /** What a browser can open: a path of this machine, else the whole URI. */
  private static String shown(Path page) {
    return "file".equals(page.toUri().getScheme())
        ? Path.getPathWithoutSchemeAndAuthority(page).toString()
        : page.toString();
  }

  private Path page(String pipeline, LocalDate date) {
    return new Path(work.lake().path("reports/" + pipeline), date + ".html");
  }

  /** Every pipeline that has runs; those of others as the pages that they have show them. */
  private String index() {
    Set<String> pipelines = new TreeSet<>();
    new RunLog(work.lake()).rows().forEach(row -> pipelines.add((String) row.get("pipeline")));
    List<IndexEntry> entries = new ArrayList<>();
    for (String pipeline : pipelines) {
      entries.addAll(
          IndexEntry.all(
              pipeline,
              source(pipeline, Optional.empty()),
              work.spec().report(),
              date ->
                  exists(page(pipeline, date))
                      ? Optional.of(pipeline + "/" + date + ".html")
                      : Optional.empty()));
    }
    return Pages.index(entries);
  }

  private boolean exists(Path path) {
    try {
      return work.lake().files().exists(path);
    } catch (IOException e) {
      throw new UnavailableException(path + ": " + e.getMessage(), e);
    }
  }

  private ReportSource source(String pipeline, Optional<LocalDate> date) {
    Map<String, List<Map<String, Object>>> read = new HashMap<>();
    return table -> read.computeIfAbsent(table, name -> rows(pipeline, name, date));
  }

  private List<Map<String, Object>> rows(String pipeline, String table, Optional<LocalDate> date) {
    Lake lake = work.lake();
    if (table.equals("runs")) {
      return new RunLog(lake).rows(pipeline);
    } else if (table.equals(ReportSource.QUARANTINE)) {
      return date.map(this::refused).orElse(List.of());
    }
    List<Map<String, Object>> rows =
        lake.latest(table).map(found -> found.rows("pipeline", pipeline)).orElse(List.of());
    return switch (table) {
      case "profiles" -> rows.stream().map(ReportJob::profile).toList();
      case "checks" -> rows.stream().map(ReportJob::check).toList();
      default -> rows;
    };
  }

  private static Map<String, Object> profile(Map<String, Object> row) {
    Map<String, Object> profile = new LinkedHashMap<>(row);
    profile.put("date", row.get("day"));
    profile.put("slice_column", Optional.ofNullable(row.get("slice_column")).orElse(""));
    profile.put("slice_value", Optional.ofNullable(row.get("slice_value")).orElse(""));
    profile.remove("sketch");
    return profile;
  }

  private static Map<String, Object> check(Map<String, Object> row) {
    Map<String, Object> check = new LinkedHashMap<>(row);
    check.put("broken", row.get("broken_rows"));
    return check;
  }

  /** Samples of the rows that ingests of the date brought and that were refused. */
  private List<Map<String, Object>> refused(LocalDate date) {
    List<Map<String, Object>> samples = new ArrayList<>();
    for (String source : new TreeSet<>(work.spec().sources().keySet())) {
      work.lake()
          .latest("quarantine/" + source)
          .ifPresent(table -> samples.addAll(refused(source, table, date)));
    }
    return samples;
  }

  private List<Map<String, Object>> refused(String source, PinnedTable table, LocalDate date) {
    Map<String, List<Map<String, Object>>> byRule = new TreeMap<>();
    table.rows(RawColumns.INGESTED, date).stream()
        .filter(row -> row.get("pipeline") == null || work.name().equals(row.get("pipeline")))
        .forEach(
            row ->
                byRule
                    .computeIfAbsent(
                        row.get("rule") + "/" + row.get("column"), rule -> new ArrayList<>())
                    .add(row));
    List<Map<String, Object>> samples = new ArrayList<>();
    byRule
        .values()
        .forEach(
            rows ->
                rows.stream()
                    .sorted(
                        java.util.Comparator.comparing(
                            row -> String.valueOf(row.get(RawColumns.ROW_ID))))
                    .limit(SAMPLES)
                    .forEach(
                        row -> {
                          Map<String, Object> sample = new LinkedHashMap<>(row);
                          sample.put("source", source);
                          sample.put("rows", (long) rows.size());
                          samples.add(sample);
                        }));
    return samples;
  }

  private boolean write(Path path, String html) {
    byte[] bytes = html.getBytes(StandardCharsets.UTF_8);
    FileSystem files = work.lake().files();
    try {
      if (Arrays.equals(bytes, read(files, path))) {
        return false;
      }
      WholeFile.write(files, path, bytes);
      return true;
    } catch (IOException e) {
      throw new UnavailableException(
          path + ": can't be written: " + e.getMessage() + "; check the permissions of the lake",
          e);
    }
  }

  /** Nothing where it isn't there, or where another process writes it just now (S3: 412). */
  private static byte[] read(FileSystem files, Path path) {
    try (InputStream in = files.open(path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      return new byte[0];
    }
  }
}
