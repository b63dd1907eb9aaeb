package dev.heddle.simulation;

import dev.heddle.worker.Simulation;

/// What is simulated.
public enum Scenario {
  /// A scheduler, workers and clients: a whole cluster.
  CLUSTER {
    @Override
    public SimulatedRun run(long seed) {
      return ClusterSimulation.run(seed);
    }
  },
  /// Workers, a store of who has what, and callers that ask this and that.
  WORKERS {
    @Override
    public SimulatedRun run(long seed) {
      return Simulation.run(seed);
    }
  };

  /// Runs a seed. For any thread, and any number of them at once.
  ///
  /// @throws SimulationFailedException with all that there is to say about it
  public abstract SimulatedRun run(long seed);
}
