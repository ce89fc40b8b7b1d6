import FTP
import Testing

@testable import Transfers

@Suite("What is known of folders that a batch has made")
struct NewFolderTests {
  private let batch = TransferBatch.ID(1)
  private let server = ServerAddress(host: "files.example.org", port: 21, user: "ada")

  @Test("they are free at first, then what a list shows is taken, whatever its case")
  func listed() throws {
    let memory = ServerMemory(newFolderTime: .seconds(3600))
    let folder = try RemotePath("/new")
    let (a, b) = (try RemotePath("/new/a"), try RemotePath("/new/b"))
    #expect(!memory.isFree(a, on: server, in: batch))
    memory.learnNew(folder, on: server, in: batch)
    #expect(memory.isFree(a, on: server, in: batch) && memory.isFree(b, on: server, in: batch))
    #expect(!memory.isFree(a, on: server, in: TransferBatch.ID(2)))
    #expect(memory.agedFolders(among: [folder], on: server, in: batch).isEmpty)
    memory.learnNames(["A"], in: folder, on: server, batch: batch, since: .now)
    #expect(!memory.isFree(a, on: server, in: batch) && memory.isFree(b, on: server, in: batch))
    memory.learnShared(folder, on: server)
    #expect(!memory.isFree(b, on: server, in: batch))
    memory.learnNames([], in: folder, on: server, batch: batch, since: .now)
    #expect(!memory.isFree(b, on: server, in: batch))
  }

  @Test("after a while somebody looks again, into those that the batch has made alone")
  func aged() throws {
    let memory = ServerMemory(newFolderTime: .seconds(3600))
    let (folder, other) = (try RemotePath("/new"), try RemotePath("/old"))
    memory.learnNew(folder, on: server, in: batch)
    memory.learnNames([], in: folder, on: server, batch: batch, since: .now - .seconds(3601))
    #expect(!memory.isFree(try RemotePath("/new/a"), on: server, in: batch))
    #expect(memory.agedFolders(among: [folder, other], on: server, in: batch) == [folder])
    memory.forget(batch)
    #expect(memory.agedFolders(among: [folder, other], on: server, in: batch).isEmpty)
  }
}
