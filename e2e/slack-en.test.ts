import { slackStory } from './stories/slack'

slackStory('en')
