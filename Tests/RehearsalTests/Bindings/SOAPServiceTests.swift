import Foundation
import LibCrypto
import Rehearsal
import Testing

/// The pretend nation's service, as an independent client sees it who has only the WSDL: zeep,
/// which checks every call and every answer against its schemas.
struct SOAPServiceTests {
    /// Runs the script; its output.
    private func run(_ script: String, _ arguments: [String], in folder: String) throws -> String {
        let file = folder + "/client.py"
        try Data(script.utf8).write(to: URL(fileURLWithPath: file))
        let output = folder + "/out.txt"
        try Data().write(to: URL(fileURLWithPath: output))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [file] + arguments
        let handle = try #require(FileHandle(forWritingAtPath: output))
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return try String(contentsOfFile: output, encoding: .utf8)
    }

    @Test func `a client that knows nothing but the WSDL submits, asks and collects`() async throws
    {
        try await withNation(faults: "post 2: status-503 30") { nation async throws in
            let folder = try County.newFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let submission = PostedSubmission(1, [PostedCase(1)])
            let outgoing = try nation.county.outgoing(submission)
            try Data(outgoing.xml).write(to: URL(fileURLWithPath: folder + "/document.xml"))
            let signature = try #require(outgoing.headers["Signature"])
            let said = try run(
                Self.client,
                [
                    Profile.folder + "/schema/soap.wsdl",
                    "https://localhost:\(nation.port)/soap",
                    nation.county.made.identity.exportFolder, folder + "/document.xml",
                    signature, submission.id,
                ], in: folder)
            let lines = said.split(separator: "\n").map(String.init)
            try #require(lines.count == 7, "\(said)")
            let newest = try await nation.newest(submission)
            let receipt = Base64.standard.encode(newest.bytes)
            #expect(lines[0] == "unknown")
            #expect(lines[1] == "answered \(receipt)")
            #expect(lines[2] == "busy 30")
            #expect(lines[3] == "answered \(receipt)")
            #expect(lines[4] == "1 \(receipt)")
            #expect(lines[5].contains("accepted=\"1\""))
            #expect(lines[6] == "Client")
        }
    }

    private static let client = """
        import base64, sys, zeep
        from requests import Session
        from zeep.transports import Transport

        wsdl, address, identity, document, signature, submission = sys.argv[1:]
        session = Session()
        session.trust_env = False
        session.verify = identity + "/ca.pem"
        session.cert = (identity + "/client.crt.pem", identity + "/client.key.pem")
        client = zeep.Client(wsdl, transport=Transport(session=session))
        service = client.create_service("{urn:shangbao:reference:1:soap}ExchangeSOAP", address)
        text = lambda value: base64.b64encode(value).decode()
        xml = open(document, "rb").read()
        signature = base64.b64decode(signature)
        print(service.receipt(submission=submission).state)
        first = service.submit(document=xml, signature=signature, key="county-gm")
        print(first.state, text(first.receipt))
        again = service.submit(document=xml, signature=signature, key="county-gm")
        print(again.state, again.retryAfter)
        newest = service.receipt(submission=submission)
        print(newest.state, text(newest.receipt))
        page = service.receipts(after="0", limit=10)
        print(page.next, *[text(item.receipt) for item in page.item])
        counts = service.counts(programme="preconception-check", region="990101",
                                **{"from": "2012-01", "to": "2012-12"})
        print(counts.counts.decode().replace("\\n", " "))
        try:
            service.submit(document=b"<x/>", signature=signature, key="county-gm")
        except zeep.exceptions.Fault as fault:
            print(fault.code.split(":")[-1])
        """
}
