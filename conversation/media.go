package conversation

// Media is a file that the provider of a channel holds for a while.
type Media struct {
	Ref  string // the provider's name of it
	Kind string // image, voice, video or file
	Name string
	Type string // media type, where the provider tells
}
