import FTPSClient
import Transfers

/// A form together with what it is for.
struct Dialog: Equatable, Sendable {
  /// What the buttons and fields mean, and what is needed to act on them.
  enum Purpose: Equatable, Sendable {
    /// Only says something.
    case message
    case connect
    case certificate(CertificateQuestion)
    case password(PasswordQuestion)
    case passphrase(PassphraseQuestion)
    case newIdentity(PendingConnection?, insists: Bool)
    case newPassphrase(String, insists: Bool)
    case exportIdentity(String)
    case takeIdentity
    case installIdentity(String)
    case renewIdentity(String)
    case removeIdentity(String)
    case certificateWanted(PendingConnection)
    case chooseIdentity(PendingConnection, [String])
    case awaitingTrust(PendingConnection, name: String, sha256: String)
    case makeFolder(Place)
    case goTo(Side)
    case rename(Entry, in: Place, prefilled: String)
    case permissions([Entry], in: Place)
    case delete([Entry], in: Place, ticket: Int?)
    case transfer(TransferOrder)
    case conflict(ConflictQuestion)
    case trouble(TroubleQuestion)
    case rules(RulesUse)
    /// Nil: a new one.
    case site(replacing: SiteChoice?)
    case removeSite(String)
    case details(QueueRow)
    case cancelTransfers(QueueSelection)
    case limit
    case whenDone
    case pattern(Side, isMarking: Bool)
    case trusted(TrustRow)
    case trustNote(TrustRow)
    case trustExport(TrustRow)
    case trustImport
    case revocation(TrustRow)
    case saveSession(SessionRecord)
    case synchronize([SyncRow], left: Place, right: Place)
    case quit
  }

  var purpose: Purpose
  var form: Form
  /// Whether something in it is still being found out.
  var isBusy: Bool {
    if case .delete(_, _, .some) = purpose { true } else { false }
  }

  init(_ purpose: Purpose, _ form: Form) {
    self.purpose = purpose
    self.form = form
  }
}

extension AppState {
  /// A dialog was left: what its buttons mean. The dialog is closed already; it may be opened again.
  mutating func answered(_ dialog: Dialog, _ result: Form.Result) -> [Effect] {
    switch dialog.purpose {
    case .message: []
    case .connect: answeredConnect(dialog, result)
    case .certificate(let question): answeredCertificate(dialog, question, result)
    case .password(let question): answeredPassword(dialog, result, question)
    case .passphrase(let question): answeredPassphrase(dialog, result, question)
    case .newIdentity(let connection, let insists): answeredNewIdentity(dialog, result, connection, insists: insists)
    case .newPassphrase(let name, let insists): answeredNewPassphrase(dialog, result, name, insists: insists)
    case .exportIdentity(let name): answeredExport(dialog, result, name)
    case .takeIdentity: answeredIntake(dialog, result)
    case .installIdentity(let name): answeredInstall(dialog, result, name)
    case .renewIdentity(let name): result == .pressed(0) ? [.identity(.renew(name))] : []
    case .removeIdentity(let name): result == .pressed(0) ? [.identity(.remove(name))] : []
    case .certificateWanted(let connection): answeredWanted(result, connection)
    case .chooseIdentity(let connection, let names): answeredChoice(dialog, result, connection, names)
    case .awaitingTrust(let connection, let name, let sha256):
      answeredRefused(dialog, result, connection, name, sha256)
    case .makeFolder(let place): answeredMakeFolder(dialog, result, in: place)
    case .goTo(let side): answeredGoTo(dialog, result, side)
    case .rename(let entry, let place, let prefilled): answeredRename(dialog, result, entry, place, prefilled)
    case .permissions(let entries, let place): answeredPermissions(dialog, result, entries, place)
    case .delete(let entries, let place, _): result == .pressed(0) ? delete(entries, in: place) : []
    case .transfer(let order): answeredTransfer(dialog, result, order)
    case .conflict(let question): answeredConflict(dialog, result, question)
    case .trouble(let question): result == .pressed(0) ? [.queue(.retry(.items([question.item])))] : []
    case .rules(let use): answeredRules(dialog, result, use)
    case .site(let old): answeredSite(dialog, result, replacing: old)
    case .removeSite(let name): result == .pressed(0) ? [.site(.remove(name))] : []
    case .details(let row): answeredDetails(dialog, result, row)
    case .cancelTransfers(let selection): answeredCancel(result, selection)
    case .limit: answeredLimit(dialog, result)
    case .whenDone: answeredWhenDone(dialog, result)
    case .pattern(let side, let isMarking): answeredPattern(dialog, result, side, isMarking: isMarking)
    case .trusted(let row): answeredTrusted(result, row)
    case .trustNote(let row): answeredTrustNote(dialog, result, row)
    case .trustExport(let row): answeredTrustExport(dialog, result, row)
    case .trustImport: answeredTrustImport(dialog, result)
    case .revocation(let row): result == .pressed(0) ? [.trust(.revoke(row.id, row.server))] : []
    case .synchronize(let rows, let left, let right): answeredSynchronize(result, rows, left, right)
    case .saveSession: answeredSaveSession(dialog, result)
    case .quit: result == .pressed(0) ? leave() : []
    }
  }

  /// Shows a text with one button.
  mutating func tell(_ title: String, _ text: String, tone: Form.Tone = .normal) {
    let body = text.split(separator: "\n", omittingEmptySubsequences: false).map { FormLine.text(String($0)) }
    layers.append(.dialog(Dialog(.message, Form(title, tone: tone, body: body, buttons: [FormButton("OK", "o")]))))
  }

  /// Opens a dialog again with a sentence about what was wrong.
  mutating func reopen(_ dialog: Dialog, _ complaint: String, focus: Int = 0) {
    var dialog = dialog
    dialog.form.body = dialog.form.body.filter { if case .text(_, .warning) = $0 { false } else { true } }
    dialog.form.body.append(.text(complaint, .warning))
    dialog.form.focus = focus
    layers.append(.dialog(dialog))
  }
}
