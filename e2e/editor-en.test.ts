import { editorStory } from './stories/editor'

editorStory('en')
