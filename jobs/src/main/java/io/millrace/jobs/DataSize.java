package io.millrace.jobs;

import io.millrace.MillraceException;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SourceSpec;
import io.millrace.ingest.SourceFile;
import io.millrace.ingest.SourceFiles;
import io.millrace.ingest.TextSize;
import io.millrace.table.Lake;
import java.time.LocalDate;

/** How much data a pipeline has to do with, at a glance. */
final class DataSize {

  /** As plain text. Below it a query takes longer to prepare than to run. */
  private static final long LITTLE = 32L << 20;

  /** A source of other days is of the same size. */
  private static final LocalDate ALL_DAYS = LocalDate.of(9999, 12, 31);

  private DataSize() {}

  /** Whether all files of all sources together are small; no where that can't be told. */
  static boolean isLittle(PipelineSpec spec, Lake lake) {
    long bytes = 0;
    try {
      for (SourceSpec source : spec.sources().values()) {
        for (SourceFile file : SourceFiles.list(source, ALL_DAYS, lake.hadoop())) {
          bytes += TextSize.of(file, lake.hadoop());
          if (bytes > LITTLE) {
            return false;
          }
        }
      }
    } catch (MillraceException e) {
      // The stage that reads the source tells it.
      return false;
    }
    return true;
  }
}
