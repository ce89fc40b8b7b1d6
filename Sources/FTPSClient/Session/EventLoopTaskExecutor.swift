import NIOCore

/// Runs the tasks of a session on its event loop also while they are on no actor.
///
/// Swift resumes a continuation on the executor for everybody and only then goes back to the actor: for each chunk of a
/// transfer two wake-ups of other threads. With this preference, the resumption stays on the event loop.
final class EventLoopTaskExecutor: TaskExecutor {
  private let eventLoop: any EventLoop

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    eventLoop.execute { [self] in
      job.runSynchronously(
        isolatedTo: eventLoop.executor.asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
    }
  }
}
