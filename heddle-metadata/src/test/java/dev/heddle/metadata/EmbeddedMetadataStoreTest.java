package dev.heddle.metadata;

import org.jspecify.annotations.Nullable;

class EmbeddedMetadataStoreTest extends MetadataStoreContract {
  private @Nullable MetadataStore store;

  @Override
  protected MetadataStore open() {
    var opened = EmbeddedMetadataStore.open();
    store = opened;
    return opened;
  }

  @Override
  protected MetadataStore restartedEmpty() {
    cleanUp();
    return open();
  }

  @Override
  protected void takeAway() {
    cleanUp();
  }

  @Override
  protected void cleanUp() {
    if (store != null) {
      store.close();
    }
  }
}
