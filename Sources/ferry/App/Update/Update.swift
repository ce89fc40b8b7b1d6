import FTP
import Terminal

/// Takes an event: changes the state, and says what is to be done outside. Pure: the clock is `state.now`.
func update(_ state: inout AppState, _ event: AppEvent) -> [Effect] {
  var effects = state.received(event)
  // What has opened has the button's release, too.
  if !state.layers.isEmpty { state.drag.cancel() }
  effects += state.askNextQuestion()
  effects += state.watchSessions()
  effects += state.lookForRows()
  return effects
}

extension AppState {
  fileprivate mutating func received(_ event: AppEvent) -> [Effect] {
    switch event {
    case .terminal(let event): return received(event)
    case .tick: scrollWhileCarrying()
    case .rows(let side, let generation, let place, let entries, let isFirst):
      received(entries, of: place, in: side, generation: generation, isFirst: isFirst)
    case .facts(let side, let generation, let start, let entries):
      if generation == self[side].generation { self[side].receivedFacts(from: start, entries) }
    case .listed(let side, let generation, let facts): finishedListing(side, generation: generation, facts)
    case .listingFailed(let side, let generation, let reason): listingFailed(side, generation: generation, reason)
    case .connected(let side, let generation, let server, let folder):
      if self[side].generation == generation {
        self[side].activity = .listing(.remote(server, folder), quietly: false)
        self[side].link = nil
      }
    case .linkChanged(let server, let facts):
      for side in Side.allCases where self[side].place.server == server { self[side].link = facts }
    case .changed(let place): return lookAgain(at: place)
    case .operationFinished(let folder, let name, let said, let failure):
      return operationFinished(folder, select: name, said: said, failure: failure)
    case .counted(let ticket, let count): counted(ticket: ticket, count)
    case .asked(let question): asked(question)
    case .certificateSettled(let id):
      settle { if case .certificate(let question) = $0 { question.id == id } else { false } }
    case .passwordSettled(let id): settle { if case .password(let question) = $0 { question.id == id } else { false } }
    case .passphraseSettled(let id):
      settle { if case .passphrase(let question) = $0 { question.id == id } else { false } }
    case .itemSettled(let item): settle { $0.item == item }
    case .weighed(let selection, let weight): weighed(selection, weight)
    case .compared(let item, let text, let isSame): compared(item, text, isSame: isSame)
    case .queueChanged(let view): return queueChanged(view)
    case .placed:
      drawer.dropped = nil
      if let content = layout.drawer?.content { drawer.revealCursor(height: content.height) }
    case .logged(let line):
      drawer.log.append(line)
      if drawer.logOffset > 0 { drawer.logOffset = min(drawer.logOffset + 1, LogBuffer.capacity) }
    case .sessions(let records):
      drawer.session.received(records, height: layout.drawer?.content.height ?? 1)
    case .foldersCompared(let ticket, let rows): received(ticket, rows)
    case .compareFailed(let ticket, let reason): compareFailed(ticket, reason)
    case .sessionsMoved: drawer.session.isWatching = false
    case .chunk(let ticket, let chunk): return withViewer(ticket) { $0.received(chunk) }
    case .readFailed(let ticket, let reason):
      return withViewer(ticket) {
        $0.problem = reason
        $0.isReading = false
      }
    case .readyToEdit(let task): return [.runEditor(task)]
    case .edited(let task, let failure): return edited(task, failure: failure)
    case .trusted(let outcome): received(outcome)
    case .trustFailed(let reason): trustFailed(reason)
    case .sitesChanged(let sites): sitesChanged(sites)
    case .identitiesChanged(let rows): received(rows)
    case .identityMade(let name):
      say("The certificate \(name) is made.")
      guard let pending = pendingConnection, pending.name == name else { return [] }
      pendingConnection = nil
      return connect(pending.connection, with: name)
    case .certificateRefused(let connection, let generation, let refusal):
      return refused(connection, generation: generation, refusal)
    case .copyWanted(let text, let said): return [.copy(text, said: said)]
    case .said(let text, let isError): say(text, isError: isError)
    }
    return []
  }

  private mutating func received(_ event: Event) -> [Effect] {
    switch event {
    case .key(let key): return received(key)
    case .mouse(let mouse): return received(mouse)
    case .paste(let text): return pasted(text)
    case .resize(let size):
      self.size = size
      drag.cancel()
      for side in Side.allCases { self[side].revealCursor(height: layout[side].list.height) }
      return []
    case .focus(let isHere):
      // The release of a button that is held now goes to another window.
      if !isHere { drag.cancel() }
      return []
    case .wake: return []
    case .resumed: return [.redraw]
    case .terminated:
      isFinished = true
      return [.quit]
    }
  }

  /// Pasted text goes into a field that is being filled in, and nowhere else.
  private mutating func pasted(_ pasted: PastedText) -> [Effect] {
    switch layers.last {
    case .dialog(var dialog):
      let old = dialog
      dialog.form.pasted(pasted)
      dialog.noteRate(from: old)
      layers[layers.count - 1] = .dialog(dialog)
    case .viewer(var viewer):
      viewer.search?.insert(pasted.text)
      layers[layers.count - 1] = .viewer(viewer)
    case .sites(var sites):
      sites.filter.insert(pasted.text)
      layers[layers.count - 1] = .sites(sites)
    case .help(var help):
      help.filter.insert(pasted.text)
      layers[layers.count - 1] = .help(help)
    case .menu, .trust, .compare, .identities: break
    case nil:
      if self[active].quickSearch != nil {
        quickSearch((self[active].quickSearch ?? "") + pasted.text.filter { !$0.isNewline })
      }
    }
    return []
  }
}
