import { crc32 } from 'node:zlib'

const rels = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** A workbook with one sheet, as a spreadsheet program would save it, made here so that no such file lies in the repository. */
export function workbook(rows: readonly (readonly string[])[]): Buffer {
  const text = (cell: string): string => cell.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const sheet = rows.map((row) => `<row>${row.map((cell) => `<c t="inlineStr"><is><t>${text(cell)}</t></is></c>`).join('')}</row>`).join('')
  return zip({
    '_rels/.rels': `<Relationships><Relationship Id="a" Type="${rels}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns:r="${rels}"><sheets><sheet name="FAQ" sheetId="1" r:id="b"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="b" Type="${rels}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
  })
}

/** An archive whose files are stored as they are (APPNOTE 4.3). */
function zip(files: Record<string, string>): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [name, content] of Object.entries(files)) {
    const [path, data] = [Buffer.from(name), Buffer.from(content)]
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt32LE(crc32(data), 10)
    facts.writeUInt32LE(data.length, 14)
    facts.writeUInt32LE(data.length, 18)
    facts.writeUInt16LE(path.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, place, path)
    const entry = [Buffer.from('PK\x03\x04', 'latin1'), facts, path, data]
    parts.push(...entry)
    at += entry.reduce((sum, one) => sum + one.length, 0)
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(Object.keys(files).length, 4)
  end.writeUInt16LE(Object.keys(files).length, 6)
  end.writeUInt32LE(listed.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06', 'latin1'), end])
}
