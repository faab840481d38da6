package mooncake.query.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Optional;
import mooncake.model.ColumnType;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.Test;

class TranslationCacheTest {
    private static final String QUERY = "SELECT amount + 1 FROM kept WHERE amount > 5";

    @Test
    void whatIsTheSameIsTranslatedOnce() throws SQLException {
        try (Differential sides = new Differential(PostgresServer.preferred())) {
            Sql.execute(sides.postgres(), "CREATE TABLE kept (amount numeric(8,2))");
            TranslationCache cache = new TranslationCache();
            MirrorTypes narrow = (_, _) -> Optional.of(new ColumnType.Numeric(8, 2));
            Translation first = sides.translate(QUERY, false, narrow, cache::translate);
            assertThat(first).isInstanceOf(Translation.Pushed.class);
            assertThat(sides.translate(QUERY, false, narrow, cache::translate)).isSameAs(first);
            assertThat(sides.translate(QUERY.replace("5", "6"), false, narrow, cache::translate))
                    .isNotEqualTo(first);
            assertThat(sides.translate(QUERY, true, narrow, cache::translate)).isNotEqualTo(first);

            // The column is altered: the answer to what the translation asked is another one.
            MirrorTypes wide = (_, _) -> Optional.of(new ColumnType.Numeric(12, 2));
            assertThat(sides.translate(QUERY, false, wide, cache::translate))
                    .isNotSameAs(first)
                    .isEqualTo(sides.translate(QUERY, false, wide, Translator::translate));
        }
    }
}
