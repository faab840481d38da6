package mooncake.server;

import mooncake.query.collate.CollationCatalog;
import mooncake.query.translate.UserTypes;

/// What translations look up in a database.
record Catalogs(CollationCatalog collations, UserTypes types) {}
