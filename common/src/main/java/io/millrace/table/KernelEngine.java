package io.millrace.table;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.defaults.engine.hadoopio.HadoopFileIO;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.MetricsReporter;
import io.delta.kernel.engine.ParquetHandler;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Kernel's own engine without its reports: it would write one of each snapshot and scan as JSON,
 * for a log that leaves them out. Its checkpoints are whole.
 */
public final class KernelEngine extends DefaultEngine {

  private final ParquetHandler parquet;

  private KernelEngine(HadoopFileIO files, Configuration hadoop) {
    super(files);
    this.parquet = new WholeCheckpoints(files, hadoop);
  }

  /** An engine that reads and writes by Hadoop's file systems. */
  public static Engine of(Configuration hadoop) {
    return new KernelEngine(new HadoopFileIO(hadoop), hadoop);
  }

  @Override
  public ParquetHandler getParquetHandler() {
    return parquet;
  }

  @Override
  public List<MetricsReporter> getMetricsReporters() {
    return List.of();
  }
}
