package dev.castalia.schemas;

import io.apicurio.registry.resolver.DefaultSchemaResolver;
import io.apicurio.registry.resolver.SchemaLookupResult;
import io.apicurio.registry.resolver.data.Record;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import java.util.function.Supplier;

/**
 * Asks the registry once more if it did not answer: what is sent on a connection that it has just
 * closed fails, and the next connection is a new one. The client's own retry does not know such
 * failures, which come to it as causes of others.
 */
final class InsistentResolver<S, T> extends DefaultSchemaResolver<S, T> {

  @Override
  public SchemaLookupResult<S> resolveSchema(Record<T> record) {
    return insist(() -> super.resolveSchema(record));
  }

  @Override
  public SchemaLookupResult<S> resolveSchemaByArtifactReference(ArtifactReference reference) {
    return insist(() -> super.resolveSchemaByArtifactReference(reference));
  }

  private static <R> R insist(Supplier<R> question) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      if (!RegistryOutage.isBehind(e)) {
        throw e;
      }
      return question.get();
    }
  }
}
