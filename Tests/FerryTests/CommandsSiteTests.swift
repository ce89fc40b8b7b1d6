import FTP
import Storage
import Testing

@testable import ferry

@Suite("FileZilla's sites")
struct CommandsSiteTests {
  static let file = """
    <?xml version="1.0" encoding="UTF-8"?>
    <!-- saved by FileZilla -->
    <FileZilla3 version="3.66.5" platform="*nix"><Servers>
      <Server><Host>files.example.org</Host><Port>2121</Port><Protocol>4</Protocol><Type>0</Type><User>ada</User>
        <Pass encoding="base64">czNjcmV0</Pass><Logontype>1</Logontype><Comments>a &lt;note&gt; &amp; more</Comments>
        <Name>Mine</Name><LocalDir>/home/ada/site</LocalDir><RemoteDir>1 0 3 www 10 my project</RemoteDir></Server>
      <Folder expanded="1">Work &#x26; more
        <Server><Host>ftp.example.com</Host><Port>990</Port><Protocol>3</Protocol><Logontype>0</Logontype>
          <Name>Old</Name><Pass/><RemoteDir/></Server>
        <Folder>Deep<Server><Host>2001:db8::1</Host><Port>21</Port><Protocol>6</Protocol><User>x</User>
          <Logontype>2</Logontype><Name>Plain</Name></Server></Folder>
        <Server><Host>sftp.example.com</Host><Port>22</Port><Protocol>1</Protocol><Name>Other</Name></Server>
      </Folder>
    </Servers></FileZilla3>
    """

  @Test("come with their folders, without their passwords")
  func entries() throws {
    let entries = try SiteManagerFile.entries(of: Array(Self.file.utf8))
    #expect(entries.map(\.name) == ["Mine", "Work & more/Old", "Work & more/Deep/Plain", "Work & more/Other"])
    #expect(entries.map(\.hasPassword) == [true, false, false, false])
    let mine = try entries[0].site(allowsPlaintext: false)
    #expect(mine.address == ServerAddress(host: "files.example.org", port: 2121, mode: .explicit, user: "ada"))
    #expect(mine.remotePath == (try RemotePath("/www/my project")))
    #expect(mine.localPath == Array("/home/ada/site".utf8))
    #expect(mine.notes == "a <note> & more")
    let old = try entries[1].site(allowsPlaintext: false)
    #expect(old.address == ServerAddress(host: "ftp.example.com", port: 990, mode: .implicit, user: nil))
    #expect(throws: ItemProblem.self) { try entries[2].site(allowsPlaintext: false) }
    #expect(try entries[2].site(allowsPlaintext: true).address.mode == .plaintext)
    #expect(throws: ItemProblem.self) { try entries[3].site(allowsPlaintext: true) }
  }

  @Test(
    "what is no such file is refused",
    arguments: [
      "", "text", "<FileZilla3>", "<FileZilla3></Servers>", "<other></other>", "<FileZilla3><a>&nbsp;</a></FileZilla3>",
      "<!DOCTYPE a [<!ENTITY b \"c\">]><FileZilla3></FileZilla3>", "<FileZilla3><Server><Host>a</Host>",
      "<FileZilla3><a>&amp</a></FileZilla3>", "<><FileZilla3></FileZilla3>",
    ])
  func refused(_ text: String) {
    #expect(throws: XMLReader.Problem.self) { try SiteManagerFile.entries(of: Array(text.utf8)) }
  }

  @Test("hostile names stay on their line")
  func hostile() throws {
    let text = "<FileZilla3><Server><Host>a</Host><Name>x\u{1B}[2J</Name></Server></FileZilla3>"
    let entry = try #require(try SiteManagerFile.entries(of: Array(text.utf8)).first)
    // One such site does not end the import of the others.
    #expect(throws: ItemProblem.self) { try entry.site(allowsPlaintext: false) }
  }
}
