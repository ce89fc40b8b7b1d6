extension TransferQueue {
  /// Keeps every change up to now. What changes while the journal writes goes into the next write, together.
  func keep() async {
    while !unsaved.isEmpty || saving != nil {
      if let saving {
        await saving.value
        continue
      }
      let items = unsaved.sorted().compactMap { state[$0] }
      unsaved = []
      let write = Task { await save(items) }
      saving = write
      await write.value
      // With the next change it is tried again.
      if journalProblem != nil { return }
    }
  }

  private func save(_ items: [TransferItem]) async {
    do {
      try await journal.save(items)
      journalProblem = nil
    } catch {
      journalProblem = "\(error)"
      unsaved.formUnion(items.map(\.id))
    }
    saving = nil
  }

  func keep(_ batch: TransferBatch) async {
    do { try await journal.save(batch) } catch { journalProblem = "\(error)" }
  }

  func forget(_ ids: [TransferItem.ID]) async {
    if let saving { await saving.value }
    do { try await journal.remove(ids) } catch { journalProblem = "\(error)" }
  }
}
