package mooncake.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
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
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.Type;

/// What a data file's footer says.
///
/// @param file what Iceberg keeps about it
/// @param nulls its columns by field id, with whether they may have nulls
record ParquetFooter(DataFile file, Map<Integer, Boolean> nulls) {
    ParquetFooter {
        nulls = Map.copyOf(nulls);
    }

    /// @param nanCounts NaNs by field id, which a footer does not tell; a column that is absent counts
    ///     as unknown
    static ParquetFooter read(MetricsConfig config, Path file, Map<Integer, Long> nanCounts) throws IOException {
        ParquetReadOptions options =
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        LocalInputFile input = new LocalInputFile(file);
        try (ParquetFileReader reader = new ParquetFileReader(input, options)) {
            ParquetMetadata footer = reader.getFooter();
            Metrics metrics = ParquetUtil.footerMetrics(footer, Stream.empty(), config);
            DataFile described = DataFiles.builder(PartitionSpec.unpartitioned())
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
            return new ParquetFooter(described, nulls(footer));
        }
    }

    private static Map<Integer, Boolean> nulls(ParquetMetadata footer) {
        Map<Integer, Boolean> nulls = new HashMap<>();
        for (Type field : footer.getFileMetaData().getSchema().getFields()) {
            if (field.getId() != null) {
                nulls.put(field.getId().intValue(), false);
            }
        }
        for (BlockMetaData group : footer.getBlocks()) {
            for (ColumnChunkMetaData chunk : group.getColumns()) {
                Type.ID id = chunk.getPrimitiveType().getId();
                Statistics<?> statistics = chunk.getStatistics();
                if (id != null && (!statistics.isNumNullsSet() || statistics.getNumNulls() > 0)) {
                    nulls.put(id.intValue(), true);
                }
            }
        }
        return nulls;
    }
}
