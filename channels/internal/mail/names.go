package mail

import (
	"strconv"
	"strings"
)

// endings are those of files that come without a name.
var endings = map[string]string{
	"image/png": ".png", "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "image/bmp": ".bmp", "image/tiff": ".tif", "image/heic": ".heic",
	"application/pdf": ".pdf", "application/zip": ".zip", "application/msword": ".doc", "application/vnd.ms-excel": ".xls", "application/json": ".json",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
	"text/plain": ".txt", "text/csv": ".csv", "text/calendar": ".ics", "text/vcard": ".vcf", "text/x-vcard": ".vcf", "text/xml": ".xml", "message/rfc822": ".eml",
	"audio/mpeg": ".mp3", "audio/amr": ".amr", "audio/wav": ".wav", "video/mp4": ".mp4", "application/ms-tnef": ".dat", "application/pkcs7-mime": ".p7m", "application/pgp-keys": ".asc",
}

// givenName is the name of a file that has none.
func givenName(number int, kind string) string {
	ending, ok := endings[kind]
	if !ok {
		ending = ".bin"
	}
	word := "file"
	if strings.HasPrefix(kind, "image/") {
		word = "image"
	}
	return word + "-" + strconv.Itoa(number) + ending
}
