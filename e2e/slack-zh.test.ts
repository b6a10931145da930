import { slackStory } from './stories/slack'

slackStory('zh')
