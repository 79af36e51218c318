package io.millrace.jobs;

import io.millrace.MillraceException;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SourceSpec;
import io.millrace.ingest.SourceFile;
import io.millrace.ingest.SourceFiles;
import io.millrace.table.Lake;
import java.time.LocalDate;

/** How much data a pipeline has to do with, at a glance. */
final class DataSize {

  /** As plain text. Below it a query takes longer to prepare than to run. */
  private static final long LITTLE = 32L << 20;

  /** What a compressed or columnar file holds as text, about. */
  private static final int PACKED = 8;

  /** A source of other days is of the same size. */
  private static final LocalDate ALL_DAYS = LocalDate.of(9999, 12, 31);

  private DataSize() {}

  /** Whether all files of all sources together are small; no where that can't be told. */
  static boolean isLittle(PipelineSpec spec, Lake lake) {
    long bytes = 0;
    try {
      for (SourceSpec source : spec.sources().values()) {
        for (SourceFile file : SourceFiles.list(source, ALL_DAYS, lake.hadoop())) {
          boolean text = file.name().matches("(?i).*\\.(csv|tsv|txt|json|jsonl|ndjson|data|test)");
          bytes += file.bytes() * (text ? 1 : PACKED);
        }
      }
    } catch (MillraceException e) {
      // The stage that reads the source tells it.
      return false;
    }
    return bytes <= LITTLE;
  }
}
