package mooncake.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;

/// What Iceberg keeps about a data file, read from the file's footer.
final class ParquetFooter {
    private ParquetFooter() {}

    /// @param nanCounts NaNs by field id, which a footer does not tell; a column that is absent counts as unknown
    static DataFile describe(MetricsConfig config, Path file, Map<Integer, Long> nanCounts) throws IOException {
        ParquetReadOptions options =
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        LocalInputFile input = new LocalInputFile(file);
        try (ParquetFileReader reader = new ParquetFileReader(input, options)) {
            ParquetMetadata footer = reader.getFooter();
            Metrics metrics = ParquetUtil.footerMetrics(footer, Stream.empty(), config);
            return DataFiles.builder(PartitionSpec.unpartitioned())
                    .withPath(file.toString())
                    .withFormat(FileFormat.PARQUET)
                    .withFileSizeInBytes(input.getLength())
                    .withMetrics(new Metrics(
                            metrics.recordCount(),
                            metrics.columnSizes(),
                            metrics.valueCounts(),
                            metrics.nullValueCounts(),
                            nanCounts,
                            metrics.lowerBounds(),
                            metrics.upperBounds()))
                    .withSplitOffsets(ParquetUtil.getSplitOffsets(footer))
                    .build();
        }
    }
}
