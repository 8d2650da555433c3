package dev.castalia.aggregator;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Gives all stores of the process one bounded cache and one bounded set of write buffers, so that
 * memory does not grow with the number of partitions.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {

  static final String MIB = "castalia.rocksdb.mib";

  private static Cache cache;
  private static WriteBufferManager buffers;

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    share(Integer.parseInt(configs.get(MIB).toString()) * 1024L * 1024);
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(cache);
    table.setCacheIndexAndFilterBlocks(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(buffers);
  }

  private static synchronized void share(long bytes) {
    if (cache == null) {
      RocksDB.loadLibrary();
      cache = new LRUCache(bytes);
      buffers = new WriteBufferManager(bytes / 2, cache);
    }
  }

  @Override
  public void close(String storeName, Options options) {
    // Cache and buffers belong to the process, not to a store.
  }
}
